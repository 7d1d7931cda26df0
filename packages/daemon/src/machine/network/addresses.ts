/**
 * Addresses of virtual machines. Inside, every machine has the same ones: copies of one saved state need them equal, and
 * each machine has a network namespace of its own around it. Outside, each has a link of its own to the server.
 */
export const gatewayAddress = '10.213.0.1';
export const guestAddress = '10.213.0.2';
export const enginePort = 2376;

/** All links' networks: what leaves the server from here is translated to the server's own address. */
export const linksNetwork = '10.213.0.0/16';
export const maxMachines = 120;

/** Begin of the names of the server's ends of the links: firewall rules name them by it. */
export const linkPrefix = 'rcvm';

export interface MachineNetwork {
  index: number;
  /** The server's end. */
  link: string;
  namespace: string;
  hostAddress: string;
  /** The namespace's end: where the machine's engine is reached from the server. */
  outerAddress: string;
  /** Addresses of the machine's containers, reached from the server alone. */
  pool: string;
}

/** Network of the n-th machine of a server, 1 … maxMachines. Pure. */
export function machineNetwork(index: number): MachineNetwork {
  if (index < 1 || index > maxMachines) throw new RangeError(`Expected a machine number from 1 to ${maxMachines}, got ${index}`);
  return {
    index,
    link: `${linkPrefix}${index}`,
    namespace: `${linkPrefix}-${index}`,
    hostAddress: `10.213.${index}.1`,
    outerAddress: `10.213.${index}.2`,
    pool: `10.${214 + (index >> 6)}.${(index & 63) * 4}.0/22`,
  };
}
