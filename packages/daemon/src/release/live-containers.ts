import type { DaemonContext } from '../context.ts';
import { allEngines, engineOf, environmentNetwork } from '../environment/index.ts';
import { createContainerWatch, type ContainerState, type ContainerWatch, type Engine } from '../engine/index.ts';
import { listLiveReleases, type StoredRelease } from '../store/index.ts';
import { appContainerOf, type AppContainer } from './app-containers.ts';

/** A live release with its containers as the last look saw them. */
export interface LiveContainers {
  release: StoredRelease;
  containers: AppContainer[];
}

/** What is live on this server, looked at again and again: one call to an engine a look while nothing changes. */
export interface LiveView {
  /** None of the containers where they are in a virtual machine that does not answer. Throws ENGINE_UNAVAILABLE for the server's own engine. */
  look(): Promise<LiveContainers[]>;
  /** The last look. */
  seen(): readonly LiveContainers[];
}

export function createLiveView(daemon: DaemonContext): LiveView {
  const watches = new Map<Engine, ContainerWatch>();
  let seen: LiveContainers[] = [];
  return {
    seen: () => seen,
    async look() {
      const engines = [...new Set(allEngines(daemon))];
      for (const engine of watches.keys()) if (!engines.includes(engine)) watches.delete(engine);
      const found = new Map(await Promise.all(engines.map(async (engine) => {
        const watch = watches.get(engine) ?? createContainerWatch(engine);
        watches.set(engine, watch);
        const containers = await watch.look().catch((error: unknown) => {
          if (engine === daemon.engine) throw error;
          return [];
        });
        return [engine, byRelease(containers)] as const;
      })));
      seen = listLiveReleases(daemon.store).map((release) => {
        const engine = engineOf(daemon, release);
        const network = environmentNetwork(daemon, release.project, release.environment);
        const containers = found.get(engine)?.get(String(release.id)) ?? [];
        return { release, containers: containers.map((container) => appContainerOf(container, { network, engine })).sort((a, b) => a.name.localeCompare(b.name, 'en')) };
      });
      return seen;
    },
  };
}

function byRelease(containers: readonly ContainerState[]): Map<string, ContainerState[]> {
  const releases = new Map<string, ContainerState[]>();
  for (const container of containers) {
    const { 'redcontrol.release': release, 'redcontrol.role': role } = container.labels;
    if (release === undefined || (role !== 'web' && role !== 'process')) continue;
    const known = releases.get(release);
    if (known) known.push(container);
    else releases.set(release, [container]);
  }
  return releases;
}
