import type { DaemonContext } from '../context.ts';
import { allEngines, engineOf, environmentNetwork } from '../environment/index.ts';
import { createContainerWatch, type ContainerState, type ContainerWatch, type Engine } from '../engine/index.ts';
import { listLiveReleases, type StoredRelease } from '../store/index.ts';
import { appContainerOf, type AppContainer } from './app-containers.ts';
import type { ReleaseProcess } from './release-snapshot.ts';
import { openUnits, unitKey, type UnitRelease } from './release-units.ts';
import { siteId } from './site.ts';

/** What is live of a release, or of one of its apps, as the last look saw it. */
export interface LiveUnit {
  release: UnitRelease;
  /** Whether it is to have a web process: not where it has none, or where somebody stopped it. */
  wantsWeb: boolean;
  /** Other processes than web that have a health path. */
  checked: { name: string; health: NonNullable<ReleaseProcess['health']> }[];
  containers: AppContainer[];
}

export interface LiveContainers {
  release: StoredRelease;
  units: LiveUnit[];
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

type Opened = Omit<LiveUnit, 'containers'>[];

export function createLiveView(daemon: DaemonContext): LiveView {
  const watches = new Map<Engine, ContainerWatch>();
  const openedUnits = createOpenedUnits(daemon);
  let seen: LiveContainers[] = [];
  return {
    seen: () => seen,
    async look() {
      const releases = listLiveReleases(daemon.store);
      // A server on which nothing is live asks its engine for nothing.
      if (releases.length === 0) return (seen = []);
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
      const opened = openedUnits(releases);
      seen = releases.map((release) => {
        const engine = engineOf(daemon, release);
        const network = environmentNetwork(daemon, release.project, release.environment);
        const of = (owner: string) => (found.get(engine)?.get(owner) ?? []).map((container) => appContainerOf(container, { network, engine })).sort((a, b) => a.name.localeCompare(b.name, 'en'));
        return { release, units: (opened.get(release.id) ?? []).map((unit) => ({ ...unit, containers: of(unitKey(unit.release)) })), databases: of(siteId(release)) };
      });
      return seen;
    },
  };
}

/** Snapshots are sealed and their opening costs: each is opened once, and again when somebody stopped or scaled its processes. */
function createOpenedUnits(daemon: DaemonContext): (releases: readonly StoredRelease[]) => Map<number, Opened> {
  let known = new Map<number, { snapshot: Uint8Array; units: Opened }>();
  return (releases) => {
    known = new Map(releases.map((release) => {
      const before = known.get(release.id);
      if (before && Buffer.compare(before.snapshot, release.snapshot) === 0) return [release.id, before];
      const units = openUnits(daemon, release).map(({ release: unit, snapshot: { processes } }) => ({
        release: unit, wantsWeb: processes.some(({ name, instances }) => name === 'web' && instances > 0),
        checked: processes.flatMap(({ name, health }) => (health ? [{ name, health }] : [])),
      }));
      return [release.id, { snapshot: release.snapshot, units }];
    }));
    return new Map([...known].map(([id, { units }]) => [id, units]));
  };
}

/** Containers by what they belong to: those of a release, or of an app of it; databases by their environment. */
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
  const { 'redcontrol.role': role, 'redcontrol.release': release, 'redcontrol.app': app, 'redcontrol.project': project = '', 'redcontrol.environment': environment = '' } = labels;
  if (role === 'database') return siteId({ project, environment });
  if ((role !== 'web' && role !== 'process') || release === undefined) return undefined;
  return unitKey({ id: Number(release), ...(app === undefined ? {} : { app }) });
}
