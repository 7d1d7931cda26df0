import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { runOrThrow } from '@redcontrol/system';

/** IPv4 networks that this server is in or has a route to, without the way out: from its addresses and its main table. */
export async function readServerNetworks(): Promise<string[]> {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).filter((address) => address.family === 'IPv4').map((address) => `${address.address}/32`);
  const { stdout } = await runOrThrow('ip', ['-j', '-4', 'route', 'show', 'table', 'main'], { timeoutMs: 10_000 });
  return [...new Set([...own, ...routedNetworks(JSON.parse(stdout))])];
}

/** Destinations of routes, but for the default one and halves of everything (with which VPNs replace it). Pure. */
export function routedNetworks(routes: readonly { dst?: string }[]): string[] {
  return routes
    .flatMap(({ dst }) => (dst === undefined || dst === 'default' ? [] : [dst.includes('/') ? dst : `${dst}/32`]))
    .filter((network) => Number(network.split('/')[1]) >= 4);
}

const resolverFiles = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];
/** Where the server's own resolver is a program on it, which no machine may reach. */
const publicResolver = '1.1.1.1';

/** The server's first IPv4 resolver outside of itself, else a public one. */
export async function readResolver(): Promise<string> {
  for (const file of resolverFiles) {
    const found = firstResolver(await readFile(file, 'utf8').catch(() => ''));
    if (found) return found;
  }
  return publicResolver;
}

/** Pure. */
export function firstResolver(text: string): string | undefined {
  return [...text.matchAll(/^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm)].map((match) => match[1]!).find((address) => !address.startsWith('127.'));
}
