import type { EnvironmentConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { engineOf } from '../environment/index.ts';
import { noAddress, type Site, type SiteServer } from '../proxy/index.ts';
import { getRelease, listProjects, listReleases, liveRelease, type StoredRelease } from '../store/index.ts';
import { listReleaseContainers, siteServers } from './app-containers.ts';
import { withLock } from './environment-lock.ts';
import { environmentSite } from './environment-sites.ts';
import { openUnits, unitKey, unitsBeyond, type ReleaseUnit } from './release-units.ts';
import { siteId } from './site.ts';

/**
 * Brings the proxy to what the store and the engine say: one site for each environment, or for each app of its live release,
 * with the containers of that as they are now (addresses change with a restart of the engine), older ones that still drain
 * behind them.
 */
export function reconcileProxy(daemon: DaemonContext): Promise<void> {
  return withLock('proxy', async () => {
    const owners = listProjects(daemon.store).flatMap(({ name, config }) => Object.entries(config.environments).map(([environment, settings]) => ({ owner: { project: name, environment }, settings })));
    const sites = await Promise.all(owners.map(({ owner, settings }) => sitesOf(daemon, owner, settings)));
    await daemon.proxy.apply({ ...daemon.proxy.state(), sites: sites.flat() });
  });
}

/** Sites of the version that serves now; what older versions still have open is drained in the same, or in sites without an address. */
async function sitesOf(daemon: DaemonContext, owner: { project: string; environment: string }, settings: EnvironmentConfig): Promise<Site[]> {
  const serving = servingRelease(daemon, owner);
  const units = serving ? openUnits(daemon, serving).filter(hasWeb) : [];
  const draining = await drainingServers(daemon, owner, units, serving);
  const place = (siteOwner: ReleaseUnit['release'] | typeof owner, route: ReleaseUnit['snapshot']['route'], servers: SiteServer[]) => {
    const id = siteId(siteOwner);
    const others = draining.get(id) ?? [];
    draining.delete(id);
    return environmentSite(daemon, siteOwner, { settings, route, servers: [...servers, ...others] });
  };
  const sites = await Promise.all(units.map(async (unit) => place(unit.release, unit.snapshot.route, await serversOf(daemon, unit))));
  if (sites.length === 0) sites.push(place(owner, undefined, []));
  return [...sites, ...[...draining].map(([id, servers]) => ({ ...environmentSite(daemon, owner, { settings, route: undefined, servers }), ...noAddress, id }))];
}

/** What of older releases still runs, by its site. */
async function drainingServers(daemon: DaemonContext, owner: { project: string; environment: string }, units: readonly ReleaseUnit[], serving: StoredRelease | undefined): Promise<Map<string, SiteServer[]>> {
  const others = listReleases(daemon.store, { ...owner, limit: 10 }).filter((release) => release.id !== serving?.id && release.state !== 'failed' && release.state !== 'reverted' && release.state !== 'starting' && release.state !== 'migrating');
  const known = new Map(others.flatMap((release) => openUnits(daemon, release)).map((unit) => [unitKey(unit.release), unit]));
  const draining = new Map<string, SiteServer[]>();
  await Promise.all(unitsBeyond([...known.values()], units).map(async (unit) => {
    const servers = (await serversOf(daemon, unit)).map((server) => ({ ...server, state: 'drain' as const }));
    const id = siteId(unit.release);
    if (servers.length > 0) draining.set(id, [...(draining.get(id) ?? []), ...servers]);
  }));
  return draining;
}

async function serversOf(daemon: DaemonContext, { release, snapshot }: ReleaseUnit): Promise<SiteServer[]> {
  const containers = await listReleaseContainers(daemon, release).catch((error: unknown) => {
    // One machine that is down must not keep the others' traffic from being arranged.
    if (engineOf(daemon, release) === daemon.engine) throw error;
    return [];
  });
  return siteServers(containers, snapshot);
}

function hasWeb({ snapshot }: ReleaseUnit): boolean {
  return snapshot.processes.some(({ name }) => name === 'web');
}

/** The release that has the traffic: one that was switched to and is being watched, else the live one. */
function servingRelease(daemon: DaemonContext, owner: { project: string; environment: string }): StoredRelease | undefined {
  const newest = listReleases(daemon.store, { ...owner, limit: 1 })[0];
  if (newest?.state === 'watching') return newest;
  const live = liveRelease(daemon.store, owner.project, owner.environment);
  return live && getRelease(daemon.store, live.id);
}
