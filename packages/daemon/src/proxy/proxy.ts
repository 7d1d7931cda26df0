import { join } from 'node:path';
import { systemClock, type Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import { applyState } from './apply-state.ts';
import { findProxyUser, hasIpv6 } from './machine.ts';
import { parseServers } from './read-running.ts';
import { backendName } from './render-backend.ts';
import type { CertificateFiles } from './render-maps.ts';
import { startRequestLog, type RequestEntry } from './request-log.ts';
import { askHaproxy } from './runtime-socket.ts';
import { proxyPaths, type ProxySettings } from './settings.ts';
import { readSiteStats, type ProxyStats } from './site-stats.ts';
import type { ObservedServer, ProxyState, Site, SiteServer } from './site.ts';
import { listOldWorkers, readOldWorker } from './workers.ts';

export interface ProxyOptions {
  /** HAProxy's files. */
  directory: string;
  /** HAProxy's sockets, and those of the daemon that it passes requests to: webhook.sock, acme.sock. */
  runDirectory: string;
  binary?: string;
  /** Where to keep the request log of each site; left out: none is taken. */
  requestLogDirectory?: string;
  onRequest?: (entry: RequestEntry) => void;
  httpPort?: number;
  httpsPort?: number;
  clock?: Clock;
}

/** The server's HAProxy, which runs on its own: nothing here is needed to keep traffic going. */
export interface Proxy {
  /**
   * Makes the files and the running HAProxy match a state: at run time where HAProxy can, else by a reload that keeps
   * open connections; then reads back that it does. Throws PROXY_FAILED; what ran before then goes on.
   */
  apply(state: ProxyState): Promise<{ reloaded: boolean }>;
  /** Applies the present state again, after HAProxy came up anew or its files were touched. */
  reconcile(): Promise<{ reloaded: boolean }>;
  /** The state that was applied last. */
  state(): ProxyState;
  /** Applies other sites, made of the present ones at the moment of its turn. */
  changeSites(next: (sites: readonly Site[]) => readonly Site[]): Promise<void>;
  /** No new requests to these servers; open connections live on. Unknown names are ignored. */
  drainServers(siteId: string, names: readonly string[]): Promise<void>;
  /** Takes servers out, and cuts what they still hold. Unknown names are ignored. */
  removeServers(siteId: string, names: readonly string[]): Promise<void>;
  /** Open requests and upgraded connections of a server, in all of HAProxy's processes. */
  activeSessions(siteId: string, name: string): Promise<number>;
  /** What HAProxy really sends a site's traffic to, asked of itself. */
  observe(siteId: string): Promise<ObservedServer[]>;
  stats(): Promise<ProxyStats>;
  /** Certificates by domain; shown at once where a site wants HTTPS. */
  setCertificates(certificates: CertificateFiles): Promise<void>;
  /** Calls back after every applied state; answers how to end that. */
  onApplied(listener: (state: ProxyState) => void): () => void;
  /** Stops taking the request log. HAProxy runs on. */
  close(): Promise<void>;
}

/** A handle on HAProxy. Touches nothing until the first apply. */
export async function createProxy(options: ProxyOptions): Promise<Proxy> {
  const settings: ProxySettings = {
    directory: options.directory,
    runDirectory: options.runDirectory,
    httpPort: options.httpPort ?? 80,
    httpsPort: options.httpsPort ?? 443,
    ipv6: await hasIpv6(),
    ...(await findProxyUser(options.runDirectory)),
  };
  const applying = { settings, binary: options.binary ?? '/usr/sbin/haproxy', clock: options.clock ?? systemClock, validated: { key: '' } };
  const paths = proxyPaths(settings);
  const listeners = new Set<(state: ProxyState) => void>();
  let applied = false;
  let certificates: CertificateFiles = {};
  const requestLog = await openRequestLog(options);
  let state: ProxyState = { sites: [], webhookSocket: join(options.runDirectory, 'webhook.sock'), acmeSocket: join(options.runDirectory, 'acme.sock'), ...requestLog.state };

  let last: Promise<unknown> = Promise.resolve();
  const change = (next: () => ProxyState) => {
    const turn = last.then(async () => {
      const wanted = next();
      const result = await applyState(wanted, certificates, applying);
      state = wanted;
      applied = true;
      for (const listener of listeners) listener(state);
      return result;
    });
    last = turn.catch(() => {});
    return turn;
  };
  const changeServers = async (siteId: string, servers: (site: Site) => readonly SiteServer[]) => {
    await change(() => withServers(state, siteId, servers));
  };

  return {
    apply: (next) => change(() => next),
    reconcile: () => change(() => state),
    state: () => state,
    async changeSites(next) {
      await change(() => ({ ...state, sites: next(state.sites) }));
    },
    drainServers: (siteId, names) => changeServers(siteId, (site) => site.servers.map((server) => (names.includes(server.name) ? { ...server, state: 'drain' as const } : server))),
    removeServers: (siteId, names) => changeServers(siteId, (site) => site.servers.filter((server) => !names.includes(server.name))),
    observe: (siteId) => observeSite(siteId, settings),
    async activeSessions(siteId, name) {
      return (await observeSite(siteId, settings)).find((server) => server.name === name)?.sessions ?? 0;
    },
    stats: () => readSiteStats(paths),
    async setCertificates(next) {
      certificates = next;
      if (applied) await change(() => state);
    },
    onApplied(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: requestLog.close,
  };
}

async function openRequestLog(options: ProxyOptions): Promise<{ state: Pick<ProxyState, 'requestLogSocket'>; close: () => Promise<void> }> {
  const { requestLogDirectory: directory, onRequest } = options;
  if (directory === undefined) return { state: {}, close: async () => {} };
  const socket = join(options.runDirectory, 'requests.sock');
  const log = await startRequestLog({ socket, directory, ...(onRequest ? { onRequest } : {}) });
  return { state: { requestLogSocket: socket }, close: log.close };
}

async function observeSite(siteId: string, settings: ProxySettings): Promise<ObservedServer[]> {
  const paths = proxyPaths(settings);
  const backend = backendName(siteId);
  const [stat, old] = await Promise.all([askHaproxy(paths.socket, 'show stat -1 4 -1'), listOldWorkers(paths)]);
  const older = await Promise.all(old.map((pid) => readOldWorker(pid, paths)));
  return (parseServers(stat)[backend] ?? []).map(({ name, address, port, state, sessions }) => ({
    name, address, port, state,
    sessions: older.reduce((sum, servers) => sum + (servers[backend]?.find((one) => one.name === name)?.sessions ?? 0), sessions),
  }));
}

function withServers(state: ProxyState, siteId: string, servers: (site: Site) => readonly SiteServer[]): ProxyState {
  if (!state.sites.some((site) => site.id === siteId)) throw new RedControlError('PROXY_FAILED', `Expected the site ${siteId} in the proxy, it is not there`);
  return { ...state, sites: state.sites.map((site) => (site.id === siteId ? { ...site, servers: servers(site) } : site)) };
}
