import type { EnvironmentConfig } from '@redcontrol/contract';
import { createHmac } from 'node:crypto';
import { parseDurationMs, parseSizeBytes } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { engineOf } from '../environment/index.ts';
import { hashBasicAuth, type BasicAuthUser, type Site, type SiteServer } from '../proxy/index.ts';
import { readSecrets } from '../secrets/index.ts';
import { environmentPort, getRelease, listProjects, listReleases, liveRelease, maintenanceOf, type StoredRelease } from '../store/index.ts';
import { listReleaseContainers, siteServers } from './app-containers.ts';
import { withLock } from './environment-lock.ts';
import { openSnapshot } from './sealed-snapshot.ts';
import { siteId } from './site.ts';

/**
 * Brings the proxy to what the store and the engine say: one site for each environment, with the containers of its live
 * release as they are now (addresses change with a restart of the engine), older ones that still drain behind them.
 */
export function reconcileProxy(daemon: DaemonContext): Promise<void> {
  return withLock('proxy', async () => {
    const sites: Site[] = [];
    for (const project of listProjects(daemon.store)) {
      for (const [environment, settings] of Object.entries(project.config.environments)) {
        sites.push(await siteOf(daemon, { project: project.name, environment }, settings));
      }
    }
    await daemon.proxy.apply({ ...daemon.proxy.state(), sites });
  });
}

async function siteOf(daemon: DaemonContext, owner: { project: string; environment: string }, settings: EnvironmentConfig): Promise<Site> {
  const domains = settings.domain === undefined ? [] : [settings.domain].flat();
  const port = environmentPort(daemon.store, owner.project, owner.environment);
  const { traffic } = settings;
  return {
    id: siteId(owner),
    domains,
    ...(port === null ? {} : { port }),
    https: settings.https,
    redirects: redirectsOf(traffic?.redirects ?? {}),
    servers: await serversOf(daemon, owner),
    compression: traffic?.compression ?? true,
    requestLog: traffic?.requestLog ?? 'paths',
    ...maintenanceFor(daemon, owner),
    ...(traffic?.path ? { pathPrefix: traffic.path } : {}),
    ...(traffic?.timeout ? { timeoutMs: parseDurationMs(traffic.timeout) } : {}),
    ...(traffic?.allow ? { allow: traffic.allow } : {}),
    ...(traffic?.bodySize ? { bodySizeBytes: parseSizeBytes(traffic.bodySize) } : {}),
    ...(traffic?.basicAuth ? { basicAuth: basicAuthUsers(daemon, owner, traffic.basicAuth) } : {}),
  };
}

function redirectsOf(redirects: NonNullable<EnvironmentConfig['traffic']>['redirects']): Site['redirects'] {
  return Object.fromEntries(Object.entries(redirects).map(([from, redirect]) => [from, typeof redirect === 'string' ? { to: redirect, status: 308 } : redirect]));
}

function maintenanceFor(daemon: DaemonContext, owner: { project: string; environment: string }): Pick<Site, 'maintenance'> {
  const stored = maintenanceOf(daemon.store, owner);
  return stored ? { maintenance: { letIn: stored.letIn, ...(stored.message === null ? {} : { message: stored.message }) } } : {};
}

/** Users with the passwords that their secrets hold. A secret without a value lets nobody in: a site meant to be closed is never open. */
function basicAuthUsers(daemon: DaemonContext, owner: { project: string; environment: string }, users: Record<string, string>): BasicAuthUser[] {
  const secrets = readSecrets(daemon, owner.project, [owner.environment]);
  const nobody = createHmac('sha256', daemon.key).update(`basic auth ${siteId(owner)}`).digest('hex');
  return Object.entries(users).map(([user, secret]) => ({ user, hash: hashBasicAuth(user, secrets[secret] ?? nobody) }));
}

/** Servers of the version that serves now, then those of versions whose last connections are still open. */
async function serversOf(daemon: DaemonContext, owner: { project: string; environment: string }): Promise<SiteServer[]> {
  const serving = servingRelease(daemon, owner);
  const others = listReleases(daemon.store, { ...owner, limit: 10 }).filter((release) => release.id !== serving?.id && release.state !== 'failed' && release.state !== 'reverted' && release.state !== 'starting' && release.state !== 'migrating');
  const current = serving ? await ofRelease(daemon, serving) : [];
  const draining = (await Promise.all(others.map((release) => ofRelease(daemon, release)))).flat();
  return [...current, ...draining.map((server) => ({ ...server, state: 'drain' as const }))];
}

async function ofRelease(daemon: DaemonContext, release: StoredRelease): Promise<SiteServer[]> {
  const containers = await listReleaseContainers(daemon, release).catch((error: unknown) => {
    // One machine that is down must not keep the others' traffic from being arranged.
    if (engineOf(daemon, release) === daemon.engine) throw error;
    return [];
  });
  return containers.length === 0 ? [] : siteServers(containers, openSnapshot(daemon, release));
}

/** The release that has the traffic: one that was switched to and is being watched, else the live one. */
function servingRelease(daemon: DaemonContext, owner: { project: string; environment: string }): StoredRelease | undefined {
  const newest = listReleases(daemon.store, { ...owner, limit: 1 })[0];
  if (newest?.state === 'watching') return newest;
  const live = liveRelease(daemon.store, owner.project, owner.environment);
  return live && getRelease(daemon.store, live.id);
}
