import type { DaemonContext } from '../context.ts';
import { allEngines, engineOf, environmentNetwork } from '../environment/index.ts';
import { createContainerWatch, type ContainerState, type ContainerWatch, type Engine } from '../engine/index.ts';
import { listLiveReleases, type StoredRelease } from '../store/index.ts';
import { appContainerOf, type AppContainer } from './app-containers.ts';
import { siteId } from './site.ts';

/** A live release with its containers as the last look saw them. */
export interface LiveContainers {
  release: StoredRelease;
  containers: AppContainer[];
  /** Its database and Redis, whose names are in `process`. */
  databases: AppContainer[];
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
        return [engine, byOwner(containers)] as const;
      })));
      seen = listLiveReleases(daemon.store).map((release) => {
        const engine = engineOf(daemon, release);
        const network = environmentNetwork(daemon, release.project, release.environment);
        const of = (owner: string) => (found.get(engine)?.get(owner) ?? []).map((container) => appContainerOf(container, { network, engine })).sort((a, b) => a.name.localeCompare(b.name, 'en'));
        return { release, containers: of(String(release.id)), databases: of(siteId(release)) };
      });
      return seen;
    },
  };
}

/** Containers by what they belong to: those of a release by its id, databases by their environment. */
function byOwner(containers: readonly ContainerState[]): Map<string, ContainerState[]> {
  const owners = new Map<string, ContainerState[]>();
  for (const container of containers) {
    const owner = ownerOf(container);
    if (owner === undefined) continue;
    const known = owners.get(owner);
    if (known) known.push(container);
    else owners.set(owner, [container]);
  }
  return owners;
}

function ownerOf({ labels }: ContainerState): string | undefined {
  switch (labels['redcontrol.role']) {
    case 'web': case 'process': return labels['redcontrol.release'];
    case 'database': return siteId({ project: labels['redcontrol.project'] ?? '', environment: labels['redcontrol.environment'] ?? '' });
    default: return undefined;
  }
}
