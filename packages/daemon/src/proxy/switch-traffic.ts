import { systemClock, type Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import type { Proxy } from './proxy.ts';
import type { SiteServer } from './site.ts';

const lookEveryMs = 250;

/**
 * Add the new servers of a site, see that HAProxy sends traffic to them, drain all others: they keep what they hold, and
 * can be taken back until drainOut removes them. Throws PROXY_FAILED when the new are not served: they are taken out again.
 */
export async function switchTraffic(proxy: Proxy, { siteId, newServers }: { siteId: string; newServers: readonly SiteServer[] }): Promise<void> {
  const names = newServers.map((server) => server.name);
  try {
    await proxy.addServers(siteId, newServers);
    await expectServed(proxy, siteId, newServers);
  } catch (error) {
    await proxy.removeServers(siteId, names).catch(() => {});
    throw error;
  }
  const old = (await proxy.observe(siteId)).map((server) => server.name).filter((name) => !names.includes(name));
  if (old.length > 0) await proxy.drainServers(siteId, old);
}

/** Waits until draining servers hold nothing, or for `drainMs`, then takes them out. `cut`: connections open at the end of the drain. */
export async function drainOut(proxy: Proxy, options: { siteId: string; names: readonly string[]; drainMs: number; signal?: AbortSignal; clock?: Clock }): Promise<{ cut: number }> {
  const { siteId, names, drainMs, signal, clock = systemClock } = options;
  const open = async () => (await proxy.observe(siteId)).filter((server) => names.includes(server.name)).reduce((sum, server) => sum + server.sessions, 0);
  const until = clock.now() + drainMs;
  let cut = await open();
  while (cut > 0 && clock.now() < until) {
    await clock.sleep(Math.min(lookEveryMs, Math.max(until - clock.now(), 1)), signal);
    cut = await open();
  }
  await proxy.removeServers(siteId, names);
  return { cut };
}

async function expectServed(proxy: Proxy, siteId: string, servers: readonly SiteServer[]): Promise<void> {
  const seen = await proxy.observe(siteId);
  const missing = servers.filter((server) => !seen.some((one) => one.name === server.name && one.address === server.address && one.port === server.port && one.state === 'ready'));
  if (missing.length === 0) return;
  throw new RedControlError('PROXY_FAILED', `Expected HAProxy to send traffic to ${missing.map((server) => server.name).join(', ')}, it does not`);
}
