import type { DaemonContext } from '../context.ts';
import { followContainerLogs } from '../engine/index.ts';
import { liveRelease } from '../store/index.ts';
import { instanceOf, liveApp, liveContainers, type AppOwner } from './live-app.ts';
import { lineFilter } from './line-filter.ts';

export interface FollowAppOptions {
  process?: string | undefined;
  lines: number;
  /** Milliseconds since 1970: only what was printed since. */
  since?: number | undefined;
  /** Only lines that contain this text. */
  grep?: string | undefined;
  onText: (from: { process: string; instance: number }, text: string) => Promise<void>;
  signal: AbortSignal;
}

/** How soon containers of a new release, or one that was started again, are listened to. */
const lookEveryMs = 1_000;

/** Tells what the live release prints, and then the next one, until the signal fires. Throws what `onText` throws. */
export async function followAppLogs(daemon: DaemonContext, owner: AppOwner, options: FollowAppOptions): Promise<void> {
  await liveContainers(daemon, liveApp(daemon, owner), options.process);
  const heard = new Map<string, Promise<void>>();
  const seen = new Set<string>();
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  let isFirst = true;
  while (!signal.aborted) {
    const release = liveRelease(daemon.store, owner.project, owner.environment);
    const containers = release ? await liveContainers(daemon, liveApp(daemon, owner), undefined) : [];
    for (const container of containers.filter(({ process }) => options.process === undefined || process === options.process)) {
      if (heard.has(container.id)) continue;
      const filter = lineFilter(options.grep);
      const from = { process: container.process, instance: instanceOf(container) };
      // Of a container that comes later all is new; of one that was heard before its next start is told from there on.
      const lines = isFirst ? options.lines : seen.has(container.id) ? 0 : 'all';
      seen.add(container.id);
      const following = followContainerLogs(container.engine, container.id, {
        lines, signal, ...(options.since === undefined ? {} : { since: options.since }),
        onOutput: async (chunk) => {
          const text = filter(chunk);
          if (text !== '') await options.onText(from, text);
        },
      }).catch((error: unknown) => failed.abort(error)).finally(() => heard.delete(container.id));
      heard.set(container.id, following);
    }
    isFirst = false;
    await daemon.clock.sleep(lookEveryMs, signal).catch(() => {});
  }
  await Promise.all(heard.values());
  if (failed.signal.aborted) throw failed.signal.reason;
}
