import type { DaemonContext } from '../context.ts';
import { engineOf } from '../environment/index.ts';
import { listProjects, liveRelease } from '../store/index.ts';
import { listReleaseContainers } from './app-containers.ts';
import { createRestartWatch, type RestartWatch } from './crash-loop.ts';
import { reconcileProxy } from './reconcile-proxy.ts';
import { openUnits, processLabel } from './release-units.ts';
import { siteId } from './site.ts';
import { tellCrashLoops } from './tell-crash-loops.ts';

const lookEveryMs = 10_000;

/**
 * Looks at the live versions from time to time: an app that went down or came back is told once, and containers that
 * came up with other addresses (after a restart of the engine) get their traffic again. Ends with the signal.
 */
export async function superviseReleases(daemon: DaemonContext, signal: AbortSignal): Promise<void> {
  const down = new Set<string>();
  const watch = createRestartWatch();
  let seen: string | undefined;
  while (!signal.aborted) {
    try {
      // A boot takes its time: the others are looked at meanwhile.
      void daemon.machines.deployed.revive({ onOutput: (text) => daemon.log.info(text.trim()), signal });
      const addresses = await lookAtAll(daemon, { down, watch });
      if (seen !== undefined && addresses !== seen) await reconcileProxy(daemon);
      seen = addresses;
    } catch (error) {
      daemon.log.error('live versions could not be looked at', error);
    }
    await daemon.clock.sleep(lookEveryMs, signal).catch(() => {});
  }
}

/** Tells of changes; answers a text that changes when any container's address does. */
async function lookAtAll(daemon: DaemonContext, { down, watch }: { down: Set<string>; watch: RestartWatch }): Promise<string> {
  const parts: string[] = [];
  const known = new Set<string>();
  for (const project of listProjects(daemon.store)) {
    for (const environment of Object.keys(project.config.environments)) {
      const live = liveRelease(daemon.store, project.name, environment);
      if (!live) continue;
      const units = await Promise.all(openUnits(daemon, live).map(async (unit) => ({ ...unit, containers: await containersOf(daemon, unit.release) })));
      for (const { id, restarts } of units.flatMap(({ containers }) => containers)) {
        known.add(id);
        watch.see(id, restarts, daemon.clock.now());
      }
      await tellCrashLoops(daemon, live, units, watch);
      const web = units.filter(({ snapshot }) => snapshot.processes.some(({ name, instances }) => name === 'web' && instances > 0));
      // One that the engine is about to start again is not down yet: a loop of that is.
      const missing = web.filter(({ containers }) => !containers.some((container) => container.process === 'web' && (container.running || container.restarting) && watch.judge(container.id, daemon.clock.now()) !== 'loop'));
      const up = missing.length === 0;
      parts.push(web.flatMap(({ containers }) => containers.filter(({ process }) => process === 'web').map((container) => `${container.name}=${container.running ? container.address : ''}`)).join(','));
      const site = siteId({ project: project.name, environment });
      if (up === !down.has(site)) continue;
      if (up) down.delete(site);
      else down.add(site);
      daemon.store.transaction(() => {
        const text = up ? `${environment} of ${project.name} is up again` : `${environment} of ${project.name} is down: no ${missing.map(({ release }) => processLabel(release, 'web')).join(', ')} process runs`;
        daemon.events.add({ at: daemon.clock.now(), kind: up ? 'environment.up' : 'environment.down', project: project.name, environment, runId: null, text, data: { release: live.number } });
      });
      daemon.events.flush();
    }
  }
  watch.keepOnly(known);
  return parts.join(';');
}

/** None where they are in a virtual machine that does not answer: the app is down then. */
async function containersOf(daemon: DaemonContext, live: Parameters<typeof listReleaseContainers>[1]) {
  return listReleaseContainers(daemon, live).catch((error: unknown) => {
    if (engineOf(daemon, live) === daemon.engine) throw error;
    return [];
  });
}
