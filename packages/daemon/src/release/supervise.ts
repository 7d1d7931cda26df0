import type { DaemonContext } from '../context.ts';
import { beginTrouble, endTrouble, hasTrouble, type StoredRelease } from '../store/index.ts';
import { expireAssets } from './expire-assets.ts';
import { createRestartWatch, type RestartWatch } from './crash-loop.ts';
import { createHangWatch, type HangWatch } from './hang-watch.ts';
import type { LiveUnit, LiveView } from './live-containers.ts';
import { reconcileProxy } from './reconcile-proxy.ts';
import { processLabel } from './release-units.ts';
import { restartHung } from './restart-hung.ts';
import { tellCrashLoops } from './tell-crash-loops.ts';

const lookEveryMs = 10_000;
/** Under which an environment without a running web process is noted among the troubles. */
export const downSubject = 'down';

/**
 * Looks at the live versions from time to time: an app that went down or came back is told once, and containers that
 * came up with other addresses (after a restart of the engine) get their traffic again; what runs and does not answer is started anew. Ends with the signal.
 */
export async function superviseReleases(daemon: DaemonContext, view: LiveView, signal: AbortSignal): Promise<void> {
  const watch = createRestartWatch();
  const hangs = createHangWatch();
  let seen: string | undefined;
  while (!signal.aborted) {
    try {
      // A boot takes its time: the others are looked at meanwhile.
      void daemon.machines.deployed.revive({ onOutput: (text) => daemon.log.info(text.trim()), signal });
      const addresses = await lookAtAll(daemon, { view, watch, hangs });
      if (seen !== undefined && addresses !== seen) await reconcileProxy(daemon);
      seen = addresses;
      await expireAssets(daemon);
    } catch (error) {
      daemon.log.error('live versions could not be looked at', error);
    }
    await daemon.clock.sleep(lookEveryMs, signal).catch(() => {});
  }
}

/** Tells of changes; answers a text that changes when any container's address does. */
async function lookAtAll(daemon: DaemonContext, { view, watch, hangs }: { view: LiveView; watch: RestartWatch; hangs: HangWatch }): Promise<string> {
  const parts: string[] = [];
  const known = new Set<string>();
  const looked = await view.look();
  for (const { release, units } of looked) {
    for (const { id, restarts } of units.flatMap(({ containers }) => containers)) {
      known.add(id);
      watch.see(id, restarts, daemon.clock.now());
    }
    await tellCrashLoops(daemon, release, units, watch);
    const web = units.filter(({ wantsWeb }) => wantsWeb);
    parts.push(web.flatMap(({ containers }) => containers.filter(({ process }) => process === 'web').map((container) => `${container.name}=${container.running ? container.address : ''}`)).join(','));
    const missing = web.filter((unit) => !isUp(daemon, unit, watch)).map((unit) => processLabel(unit.release, 'web'));
    if (missing.length === 0) tellUp(daemon, release);
    else tellDown(daemon, release, missing);
  }
  await Promise.all(looked.map((live) => restartHung(daemon, live, hangs)));
  watch.keepOnly(known);
  hangs.keepOnly(known);
  return parts.join(';');
}

/** One that the engine is about to start again is not down yet: a loop of that is. */
function isUp(daemon: DaemonContext, { containers }: LiveUnit, watch: RestartWatch): boolean {
  return containers.some((container) => container.process === 'web' && (container.running || container.restarting) && watch.judge(container.id, daemon.clock.now()) !== 'loop');
}

/** Most looks find what the one before did: they write nothing. */
function tellDown(daemon: DaemonContext, { project, environment, number }: StoredRelease, missing: readonly string[]): void {
  if (hasTrouble(daemon.store, { project, environment, subject: downSubject })) return;
  const at = daemon.clock.now();
  daemon.store.transaction(() => {
    if (!beginTrouble(daemon.store, { project, environment, subject: downSubject, since: at, release: number })) return;
    daemon.events.add({ at, kind: 'environment.down', project, environment, runId: null, text: `${environment} of ${project} is down: no ${missing.join(', ')} process runs`, data: { release: number } });
  });
  daemon.events.flush();
}

function tellUp(daemon: DaemonContext, { project, environment, number }: StoredRelease): void {
  if (!hasTrouble(daemon.store, { project, environment, subject: downSubject })) return;
  daemon.store.transaction(() => {
    if (!endTrouble(daemon.store, { project, environment, subject: downSubject })) return;
    daemon.events.add({ at: daemon.clock.now(), kind: 'environment.up', project, environment, runId: null, text: `${environment} of ${project} is up again`, data: { release: number } });
  });
  daemon.events.flush();
}
