import { systemClock, type Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import type { Proxy } from './proxy.ts';
import type { SiteServer } from './site.ts';

const lookEveryMs = 250;

export interface SwitchOptions {
  siteId: string;
  newServers: readonly SiteServer[];
  /** Names of the servers that are replaced. */
  oldServers: readonly string[];
  /** How long connections to the old servers may live on. */
  drainMs: number;
  /** Ends the waiting; servers that drain then stay as they are. */
  signal?: AbortSignal;
  /** Old servers are out of HAProxy: their containers may stop. `cut`: connections that were open at the end of the drain. */
  onDrained?: (result: DrainResult) => void;
  clock?: Clock;
}

export interface DrainResult {
  names: readonly string[];
  cut: number;
}

/**
 * Add the new, see that HAProxy sends traffic to them, drain the old. Resolves when new requests go to the new servers
 * alone; `drained` when the old ones are gone. Throws PROXY_FAILED when the new are not served: they are taken out again.
 */
export async function switchTraffic(proxy: Proxy, options: SwitchOptions): Promise<{ drained: Promise<DrainResult> }> {
  const { siteId, newServers, oldServers } = options;
  options.signal?.throwIfAborted();
  const names = newServers.map((server) => server.name);
  try {
    await proxy.addServers(siteId, newServers);
    await expectServed(proxy, siteId, newServers);
  } catch (error) {
    await proxy.removeServers(siteId, names).catch(() => {});
    throw error;
  }
  await proxy.drainServers(siteId, oldServers);
  const drained = drainOut(proxy, { ...options, names: oldServers });
  drained.catch(() => {});
  return { drained };
}

/** Waits until draining servers hold nothing, or for `drainMs`, then takes them out. Also for a drain that a restart interrupted. */
export async function drainOut(
  proxy: Proxy,
  options: { siteId: string; names: readonly string[]; drainMs: number; signal?: AbortSignal; clock?: Clock; onDrained?: (result: DrainResult) => void },
): Promise<DrainResult> {
  const clock = options.clock ?? systemClock;
  const open = async () => (await proxy.observe(options.siteId)).filter((server) => options.names.includes(server.name)).reduce((sum, server) => sum + server.sessions, 0);
  const until = clock.now() + options.drainMs;
  let cut = await open();
  while (cut > 0 && clock.now() < until) {
    await clock.sleep(Math.min(lookEveryMs, Math.max(until - clock.now(), 1)), options.signal);
    cut = await open();
  }
  await proxy.removeServers(options.siteId, options.names);
  const result = { names: options.names, cut };
  options.onDrained?.(result);
  return result;
}

async function expectServed(proxy: Proxy, siteId: string, servers: readonly SiteServer[]): Promise<void> {
  const seen = await proxy.observe(siteId);
  const missing = servers.filter((server) => !seen.some((one) => one.name === server.name && one.address === server.address && one.port === server.port && one.state === 'ready'));
  if (missing.length === 0) return;
  throw new RedControlError('PROXY_FAILED', `Expected HAProxy to send traffic to ${missing.map((server) => server.name).join(', ')}, it does not`);
}
