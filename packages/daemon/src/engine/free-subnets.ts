import { createHash } from 'node:crypto';
import { BlockList } from 'node:net';

/** An IPv4 network: its first address and the number of its fixed bits. */
export interface Subnet {
  address: string;
  prefix: number;
}

/**
 * Where RedControl's own networks lie: 10.192.0.0 to 10.207.255.0, cut into 4,096 networks of 254 addresses. The engine
 * by itself has about 30 networks in all (default-address-pools: 172.17.0.0/12 by /16 and 192.168.0.0/16 by /20), which a
 * server with a handful of projects uses up, and which belong to others on it too.
 */
const firstBlock = 192;
const blocks = 16;
const total = blocks * 256;
export const ownPrefix = 24;

/** RedControl's networks that touch none of those in use, beginning at a place that the name decides. Pure. */
export function* freeSubnets(name: string, used: readonly Subnet[]): Generator<string> {
  const taken = new BlockList();
  for (const { address, prefix } of used) taken.addSubnet(address, prefix, 'ipv4');
  const start = createHash('sha256').update(name).digest().readUInt16BE(0);
  for (let step = 0; step < total; step += 1) {
    const index = (start + step) % total;
    const address = `10.${firstBlock + (index >> 8)}.${index & 255}.0`;
    if (!taken.check(address, 'ipv4') && !used.some((one) => holds({ address, prefix: ownPrefix }, one.address))) yield `${address}/${ownPrefix}`;
  }
}

function holds({ address, prefix }: Subnet, other: string): boolean {
  const list = new BlockList();
  list.addSubnet(address, prefix, 'ipv4');
  return list.check(other, 'ipv4');
}
