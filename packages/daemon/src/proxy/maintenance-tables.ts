import { BlockList, isIPv6 } from 'node:net';
import { backendName } from './render-backend.ts';
import type { Tables } from './render-maps.ts';
import type { ProxyPaths } from './settings.ts';
import type { ProxyState } from './site.ts';

/** Stands for the page's own words. */
export const noMessage = 'none';

/**
 * Sites in maintenance with their message, networks that any of them lets in, and pairs of both. HAProxy finds one network
 * for an address, the narrowest: it is paired with each site that lets in a network around it. Pure.
 */
export function maintenanceTables(state: ProxyState, paths: Pick<ProxyPaths, 'maintenance' | 'networks' | 'letIn'>): Tables {
  const closed = state.sites.flatMap(({ id, maintenance }) => (maintenance ? [{ backend: backendName(id), ...maintenance }] : []));
  const networks = [...new Set(closed.flatMap(({ letIn }) => letIn))];
  const pairs = closed.flatMap(({ backend, letIn }) => networks.filter((inner) => letIn.some((outer) => contains(outer, inner))).map((network) => `${backend}|${network}`));
  return {
    [paths.maintenance]: Object.fromEntries(closed.map(({ backend, message }) => [backend, message === undefined ? noMessage : asPageText(message)])),
    [paths.networks]: Object.fromEntries(networks.map((network) => [network, network])),
    [paths.letIn]: Object.fromEntries(pairs.map((pair) => [pair, '1'])),
  };
}

/** Text that may stand in HTML; in base64, so that nothing in it is special to HAProxy. */
function asPageText(message: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return Buffer.from(message.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign), 'utf8').toString('base64');
}

function contains(outer: string, inner: string): boolean {
  const [wide, narrow] = [parts(outer), parts(inner)];
  if (wide.family !== narrow.family || wide.bits > narrow.bits) return false;
  const list = new BlockList();
  list.addSubnet(wide.address, wide.bits, wide.family);
  return list.check(narrow.address, narrow.family);
}

function parts(network: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } {
  const [address = '', bits] = network.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  return { address, bits: bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family };
}
