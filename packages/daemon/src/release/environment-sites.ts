import { createHmac } from 'node:crypto';
import { parseDurationMs, parseSizeBytes, type EnvironmentConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { hashBasicAuth, type BasicAuthUser, type Site, type SiteServer } from '../proxy/index.ts';
import { readSecrets } from '../secrets/index.ts';
import { environmentPort, maintenanceOf } from '../store/index.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import { siteId } from './site.ts';

export interface SiteOwner {
  project: string;
  environment: string;
  app?: string;
}

/** The place of an environment, or of one of its apps, in the proxy. */
export function environmentSite(daemon: DaemonContext, owner: SiteOwner, wish: { settings: EnvironmentConfig; route: ReleaseSnapshot['route']; servers: readonly SiteServer[] }): Site {
  const { settings, route, servers } = wish;
  const { traffic } = settings;
  const port = route?.domains === undefined ? environmentPort(daemon.store, owner.project, owner.environment) : null;
  const path = joinPaths(route?.domains === undefined ? traffic?.path : undefined, route?.path);
  return {
    id: siteId(owner),
    domains: route?.domains ?? (settings.domain === undefined ? [] : [settings.domain].flat()),
    ...(port === null ? {} : { port }),
    https: settings.https,
    redirects: redirectsOf(traffic?.redirects ?? {}),
    servers,
    compression: traffic?.compression ?? true,
    requestLog: traffic?.requestLog ?? 'paths',
    ...maintenanceFor(daemon, owner),
    ...(path === undefined ? {} : { pathPrefix: path }),
    ...(traffic?.timeout ? { timeoutMs: parseDurationMs(traffic.timeout) } : {}),
    ...(traffic?.allow ? { allow: traffic.allow } : {}),
    ...(traffic?.bodySize ? { bodySizeBytes: parseSizeBytes(traffic.bodySize) } : {}),
    ...(traffic?.basicAuth ? { basicAuth: basicAuthUsers(daemon, owner, traffic.basicAuth) } : {}),
  };
}

/** Whether a site is of this environment, whatever its app. */
export function isSiteOf(owner: { project: string; environment: string }, id: string): boolean {
  const own = siteId({ project: owner.project, environment: owner.environment });
  return id === own || id.startsWith(`${own}.`);
}

/** The path of an app lies below that of its environment. */
function joinPaths(outer: string | undefined, inner: string | undefined): string | undefined {
  if (outer === undefined || inner === undefined) return outer ?? inner;
  return `${outer.replace(/\/+$/, '')}${inner}`;
}

function redirectsOf(redirects: NonNullable<EnvironmentConfig['traffic']>['redirects']): Site['redirects'] {
  return Object.fromEntries(Object.entries(redirects).map(([from, redirect]) => [from, typeof redirect === 'string' ? { to: redirect, status: 308 } : redirect]));
}

function maintenanceFor(daemon: DaemonContext, owner: SiteOwner): Pick<Site, 'maintenance'> {
  const stored = maintenanceOf(daemon.store, owner);
  return stored ? { maintenance: { letIn: stored.letIn, ...(stored.message === null ? {} : { message: stored.message }) } } : {};
}

/** Users with the passwords that their secrets hold. A secret without a value lets nobody in: a site meant to be closed is never open. */
function basicAuthUsers(daemon: DaemonContext, owner: SiteOwner, users: Record<string, string>): BasicAuthUser[] {
  const secrets = readSecrets(daemon, owner.project, [owner.environment]);
  const nobody = createHmac('sha256', daemon.key).update(`basic auth ${siteId(owner)}`).digest('hex');
  return Object.entries(users).map(([user, secret]) => ({ user, hash: hashBasicAuth(user, secrets[secret] ?? nobody) }));
}
