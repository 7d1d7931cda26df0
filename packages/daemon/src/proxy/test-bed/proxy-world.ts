import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killTree, spawnProcess } from '@redcontrol/system';
import { createProxy, type Proxy } from '../proxy.ts';
import { readIdentity } from '../read-running.ts';
import { proxyPaths } from '../settings.ts';
import { spawnHaproxy, type SpawnedHaproxy } from '../spawn-haproxy.ts';
import type { Site, SiteServer } from '../site.ts';
import { switchTraffic } from '../switch-traffic.ts';

/** A HAProxy of its own with real apps behind it; all of it gone after close(). */
export interface ProxyWorld {
  proxy: Proxy;
  haproxy: SpawnedHaproxy;
  directory: string;
  httpPort: number;
  httpsPort: number;
  /** Starts an app as a process of its own. */
  startApp(name: string, check?: SiteServer['check']): Promise<RunningApp>;
  /** HAProxy's present worker. */
  worker(): Promise<{ pid: number; structure: string }>;
  /** Kills HAProxy with all its processes, at once. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface RunningApp {
  server: SiteServer;
  stop(): void;
}

/** REDCONTROL_TEST_HAPROXY names another HAProxy to test with, e.g. that of the next Debian. */
const binary = process.env.REDCONTROL_TEST_HAPROXY ?? '/usr/sbin/haproxy';

export async function createProxyWorld(): Promise<ProxyWorld> {
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-proxy-'));
  // HAProxy's own user can pass, as on a server.
  await chmod(directory, 0o755);
  const options = { directory: join(directory, 'haproxy'), runDirectory: directory, binary, httpPort: await freePort(), httpsPort: await freePort() };
  const apps = new Set<() => void>();
  const world: ProxyWorld = {
    proxy: await createProxy(options),
    haproxy: await spawnHaproxy(options),
    directory, httpPort: options.httpPort, httpsPort: options.httpsPort,
    async startApp(name, check) {
      const child = spawnProcess(process.execPath, [fileURLToPath(import.meta.resolve('./app.ts')), name], { stdin: 'pipe' });
      const stop = () => killTree(child);
      apps.add(stop);
      if (!child.stdout) throw new Error('Expected the app to have an output');
      const [port] = await once(child.stdout, 'data');
      return { server: { name, address: '127.0.0.1', port: Number(String(port).trim()), state: 'ready', ...(check ? { check } : {}) }, stop };
    },
    worker: () => readIdentity(proxyPaths(options).socket),
    async kill() {
      process.kill(-world.haproxy.pid, 'SIGKILL');
      await world.haproxy.stop();
    },
    async restart() {
      world.haproxy = await spawnHaproxy(options);
    },
    async close() {
      for (const stop of apps) stop();
      await world.haproxy.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}

/** A site with the settings that most tests want. */
export function testSite(change: Partial<Site> = {}): Site {
  return { id: 'shop--production', domains: ['shop.test'], https: 'auto', redirects: {}, servers: [], ...change };
}

/** Adds servers to a site, or changes those of the same name. */
export function addServers(proxy: Proxy, siteId: string, servers: readonly SiteServer[]): Promise<void> {
  return proxy.changeSites((sites) => sites.map((site) => (site.id === siteId ? { ...site, servers: [...site.servers.filter((old) => !servers.some(({ name }) => name === old.name)), ...servers] } : site)));
}

/** Switches one site to these servers. */
export function switchSite(proxy: Proxy, siteId: string, servers: readonly SiteServer[]): Promise<void> {
  return switchTraffic(proxy, { owns: (id) => id === siteId, sites: proxy.state().sites.filter(({ id }) => id === siteId).map((site) => ({ ...site, servers })) });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
