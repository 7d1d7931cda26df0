import { isIPv4 } from 'node:net';
import { readIfExists } from '@redcontrol/system';
import type { Engine } from './engine.ts';
import type { Subnet } from './free-subnets.ts';

/** IPv4 networks of the engine, and those that this machine has a route to: a new one must touch neither. */
export async function usedSubnets(engine: Engine): Promise<Subnet[]> {
  const [networks, routes] = [await engine.docker.listNetworks(), await readIfExists('/proc/net/route')];
  const ofEngine = networks.flatMap((network) => network.IPAM?.Config ?? []).flatMap(({ Subnet: text }) => subnetOf(text ?? ''));
  return [...ofEngine, ...routedSubnets(routes ?? '')];
}

function subnetOf(text: string): Subnet[] {
  const [address = '', prefix] = text.split('/');
  return isIPv4(address) ? [{ address, prefix: Number(prefix) }] : [];
}

/**
 * Networks of /proc/net/route without the default route: destination and mask are hexadecimal, in this machine's byte
 * order, lowest byte first on all that Node runs on.
 */
export function routedSubnets(table: string): Subnet[] {
  return table.split('\n').slice(1).flatMap((line) => {
    const [, destination = '', , , , , , mask = ''] = line.split('\t').map((field) => field.trim());
    if (!/^[0-9A-F]{8}$/i.test(destination) || !/^[0-9A-F]{8}$/i.test(mask)) return [];
    const prefix = [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === '1').length;
    return prefix === 0 ? [] : [{ address: Buffer.from(destination, 'hex').reverse().join('.'), prefix }];
  });
}
