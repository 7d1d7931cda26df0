import { join } from 'node:path';
import { readIfExists, systemClock, writeFileAtomic, type Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import { applyOperations } from './apply-operations.ts';
import { findProxyUser, hasIpv6 } from './machine.ts';
import { planChange, type Change, type Wanted } from './plan-change.ts';
import { readFingerprint, readRunning, parseServers } from './read-running.ts';
import { reloadHaproxy } from './reload.ts';
import { backendName } from './render-backend.ts';
import { structureHash } from './render-config.ts';
import { renderTables, siteCertificates, type CertificateFiles } from './render-maps.ts';
import { askHaproxy } from './runtime-socket.ts';
import { proxyPaths, type ProxyPaths, type ProxySettings } from './settings.ts';
import { readSiteStats, type ProxyStats } from './site-stats.ts';
import type { ObservedServer, ProxyState, Site, SiteServer } from './site.ts';
import { cutOldSessions, listOldWorkers, readOldWorker } from './workers.ts';
import { writeConfig, writeTables } from './write-files.ts';

const answersWithinMs = 10_000;
const lookEveryMs = 50;

export interface ProxyOptions {
  /** HAProxy's files. */
  directory: string;
  /** HAProxy's sockets, and those of the daemon that it passes requests to: webhook.sock, acme.sock. */
  runDirectory: string;
  binary?: string;
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
  /** Adds servers to a site, or changes those of the same name. */
  addServers(siteId: string, servers: readonly SiteServer[]): Promise<void>;
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
  const applier = createApplier(settings, options.binary ?? '/usr/sbin/haproxy', options.clock ?? systemClock);
  const paths = proxyPaths(settings);
  const listeners = new Set<(state: ProxyState) => void>();
  let applied = false;
  let certificates: CertificateFiles = {};
  let state: ProxyState = { sites: [], webhookSocket: join(options.runDirectory, 'webhook.sock'), acmeSocket: join(options.runDirectory, 'acme.sock') };

  let last: Promise<unknown> = Promise.resolve();
  const change = (next: () => ProxyState) => {
    const turn = last.then(async () => {
      const wanted = next();
      const result = await applier(wanted, certificates);
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
    addServers: (siteId, servers) => changeServers(siteId, (site) => [...site.servers.filter((old) => !servers.some((server) => server.name === old.name)), ...servers]),
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
  };
}

type Applier = (state: ProxyState, certificates: CertificateFiles) => Promise<{ reloaded: boolean }>;

/** Brings files, then the running process, to a state, and proves it by reading back. */
function createApplier(settings: ProxySettings, binary: string, clock: Clock): Applier {
  const paths = proxyPaths(settings);
  const planNow = async (wanted: Wanted): Promise<Change> => planChange(wanted, await readRunning(paths));
  const matches = (change: Change) => change.kind === 'runtime' && change.operations.length === 0;

  return async (state, certificates) => {
    const wanted = await wantedOf(state, certificates, settings);
    const previous = await readIfExists(paths.config);
    await writeConfig(await writeTables(state, certificates, settings), settings, binary);
    await waitForHaproxy(settings, clock);
    const plan = await planNow(wanted);
    if (plan.kind === 'runtime') {
      await applyOperations(plan.operations, paths, clock).catch(() => {});
      await cutGone(wanted, paths);
      if (matches(plan) || matches(await planNow(wanted))) return { reloaded: false };
    }
    try {
      await reloadHaproxy(wanted.structure, paths, clock);
    } catch (error) {
      if (previous !== undefined) await writeFileAtomic(paths.config, previous);
      // The master waits with no worker of its own until it is told again.
      await askHaproxy(paths.masterSocket, 'reload').catch(() => '');
      throw error;
    }
    await cutGone(wanted, paths);
    if (matches(await planNow(wanted))) return { reloaded: true };
    throw new RedControlError('PROXY_FAILED', 'Expected HAProxy to do what its file says after a reload, it does something else', { hint: 'Look at its messages: journalctl -u redcontrol-haproxy' });
  };
}

async function wantedOf(state: ProxyState, certificates: CertificateFiles, settings: ProxySettings): Promise<Wanted> {
  const files: Wanted['certificates'] = {};
  for (const [name, file] of Object.entries(siteCertificates(state, certificates))) {
    files[file] ??= { names: [], fingerprint: await readFingerprint(file) };
    files[file].names.push(name);
    files[file].names.sort();
  }
  return { structure: structureHash(state, settings), sites: state.sites, tables: renderTables(state, certificates, proxyPaths(settings)), certificates: files };
}

/** Connections that older workers hold of servers which are no longer wanted end as those of the present worker do. */
async function cutGone(wanted: Wanted, paths: ProxyPaths): Promise<void> {
  const kept = new Map(wanted.sites.map((site) => [backendName(site.id), new Set(site.servers.map((server) => server.name))]));
  await cutOldSessions((backend, server) => kept.get(backend)?.has(server) === false, paths);
}

/** HAProxy may just be coming up again. */
async function waitForHaproxy(settings: ProxySettings, clock: Clock): Promise<void> {
  const { socket, masterSocket } = proxyPaths(settings);
  for (const until = clock.now() + answersWithinMs; ; await clock.sleep(lookEveryMs)) {
    try {
      await Promise.all([askHaproxy(socket, 'show version'), askHaproxy(masterSocket, 'show version')]);
      return;
    } catch (error) {
      if (clock.now() > until) throw error;
    }
  }
}

async function observeSite(siteId: string, settings: ProxySettings): Promise<ObservedServer[]> {
  const paths = proxyPaths(settings);
  const backend = backendName(siteId);
  const [stat, old] = await Promise.all([askHaproxy(paths.socket, 'show stat -1 4 -1'), listOldWorkers(paths)]);
  const older = await Promise.all(old.map((pid) => readOldWorker(pid, paths)));
  return (parseServers(stat)[backend] ?? []).map(({ checked: _, ...server }) => ({
    ...server,
    sessions: older.reduce((sum, servers) => sum + (servers[backend]?.find((one) => one.name === server.name)?.sessions ?? 0), server.sessions),
  }));
}

function withServers(state: ProxyState, siteId: string, servers: (site: Site) => readonly SiteServer[]): ProxyState {
  if (!state.sites.some((site) => site.id === siteId)) throw new RedControlError('PROXY_FAILED', `Expected the site ${siteId} in the proxy, it is not there`);
  return { ...state, sites: state.sites.map((site) => (site.id === siteId ? { ...site, servers: servers(site) } : site)) };
}
