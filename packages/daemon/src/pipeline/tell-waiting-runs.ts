import { formatDurationMs, parseDurationMs } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { getProject, hasRunEvent, listOpenRuns } from '../store/index.ts';
import { runEvent } from './run-event.ts';

const lookEveryMs = 15_000;
/** Of projects that were applied before the setting was there. */
const usualWait = '10m';

/** Tells once of each run that waits in the queue for longer than `limits.wait`. Ends with the signal. */
export async function tellWaitingRuns(daemon: DaemonContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    tellNow(daemon);
    await daemon.clock.sleep(lookEveryMs, signal).catch(() => {});
  }
}

export function tellNow(daemon: Pick<DaemonContext, 'store' | 'clock' | 'events'>): void {
  const now = daemon.clock.now();
  for (const run of listOpenRuns(daemon.store)) {
    // One that begins again after a stop of the daemon has waited for that, not for its turn.
    if (run.status !== 'queued' || run.attempt > 1) continue;
    const waitMs = parseDurationMs(getProject(daemon.store, run.project)?.config.limits.wait ?? usualWait);
    if (now - run.createdAt < waitMs || hasRunEvent(daemon.store, run.id, 'run.waiting')) continue;
    daemon.store.transaction(() => daemon.events.add(runEvent(daemon, run, 'run.waiting', `waits for ${formatDurationMs(now - run.createdAt)}`, { waitedMs: now - run.createdAt })));
    daemon.events.flush();
  }
}
