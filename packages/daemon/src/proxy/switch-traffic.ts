import { systemClock, type Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import type { Proxy } from './proxy.ts';
import { noAddress, type Site } from './site.ts';

const lookEveryMs = 250;

export interface Switch {
  /** Whether a site takes part. One that `sites` does not name any more keeps what it holds and gets nothing new. */
  owns: (siteId: string) => boolean;
  /** The sites as they are to be, each with the servers that are to get its traffic. */
  sites: readonly Site[];
}

/**
 * Adds the new servers of all sites at once, sees that HAProxy sends traffic to every one, then drains all others: they keep
 * what they hold, and can be taken back until drainOut removes them. Throws PROXY_FAILED when any new one is not served: all
 * sites are as they were then. What else changes meanwhile, such as the end of another drain, stays changed.
 */
export async function switchTraffic(proxy: Proxy, { owns, sites }: Switch): Promise<void> {
  let before: readonly Site[] = [];
  const change = (next: (own: readonly Site[]) => readonly Site[]) => proxy.changeSites((all) => [...all.filter((site) => !owns(site.id)), ...next(all.filter((site) => owns(site.id)))]);
  try {
    await change((own) => {
      before = own;
      const gone = own.filter((old) => !sites.some((site) => site.id === old.id)).map((site) => ({ ...site, ...noAddress }));
      return [...sites.map((site) => withServersOf(site, find(own, site.id))), ...gone];
    });
    for (const site of sites) await expectServed(proxy, site);
  } catch (error) {
    await change((own) => before.map((old) => ({ ...old, servers: find(own, old.id)?.servers.filter(({ name }) => hasServer(old, name)) ?? [] }))).catch(() => {});
    throw error;
  }
  await change((own) => own.map((site) => ({ ...site, servers: site.servers.map((server) => (hasServer(find(sites, site.id), server.name) ? server : { ...server, state: 'drain' as const })) })));
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

function find(sites: readonly Site[], id: string): Site | undefined {
  return sites.find((site) => site.id === id);
}

function hasServer(site: Site | undefined, name: string): boolean {
  return site?.servers.some((server) => server.name === name) === true;
}

function withServersOf(site: Site, old: Site | undefined): Site {
  return { ...site, servers: [...(old?.servers ?? []).filter(({ name }) => !hasServer(site, name)), ...site.servers] };
}

async function expectServed(proxy: Proxy, { id, servers }: Site): Promise<void> {
  const seen = await proxy.observe(id);
  const missing = servers.filter((server) => !seen.some((one) => one.name === server.name && one.address === server.address && one.port === server.port && one.state === 'ready'));
  if (missing.length === 0) return;
  throw new RedControlError('PROXY_FAILED', `Expected HAProxy to send traffic to ${missing.map((server) => server.name).join(', ')}, it does not`);
}
