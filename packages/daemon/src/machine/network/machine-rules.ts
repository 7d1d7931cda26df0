import { enginePort, gatewayAddress, guestAddress, type MachineNetwork } from './addresses.ts';

export interface RulesInput {
  network: MachineNetwork;
  /** IPv4 address of the server's own resolver. */
  resolver: string;
  /** Networks that the server itself has: its own addresses, its neighbours, what a VPN leads to. */
  serverNetworks: readonly string[];
}

/** Never a way out: private and special networks (IANA's registry), the cloud's metadata, and what the server is in. */
export const closedNetworks = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15', '224.0.0.0/3',
] as const;

/**
 * Firewall of a machine's namespace as iptables-restore takes it, pure. It lies around the machine and not in the
 * server's own tables, so a firewall of the server that is reloaded does not open it.
 */
export function machineRules({ network, resolver, serverNetworks }: RulesInput): string {
  const { hostAddress, outerAddress, pool } = network;
  const dns = ['udp', 'tcp'];
  return [
    '*nat',
    `-A PREROUTING -i eth0 -s ${hostAddress} -d ${outerAddress} -p tcp --dport ${enginePort} -j DNAT --to-destination ${guestAddress}:${enginePort}`,
    ...dns.map((protocol) => `-A PREROUTING -i tap0 -d ${gatewayAddress} -p ${protocol} --dport 53 -j DNAT --to-destination ${resolver}:53`),
    '-A POSTROUTING -o eth0 -j MASQUERADE',
    'COMMIT',
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    `-A FORWARD -i eth0 -o tap0 -s ${hostAddress} -d ${guestAddress} -p tcp --dport ${enginePort} -j ACCEPT`,
    `-A FORWARD -i eth0 -o tap0 -s ${hostAddress} -d ${pool} -j ACCEPT`,
    `-A FORWARD -i tap0 ! -s ${guestAddress} -j DROP`,
    ...dns.map((protocol) => `-A FORWARD -i tap0 -o eth0 -d ${resolver} -p ${protocol} --dport 53 -j ACCEPT`),
    ...[...new Set([...closedNetworks, ...serverNetworks])].map((closed) => `-A FORWARD -i tap0 -d ${closed} -j REJECT`),
    '-A FORWARD -i tap0 -o eth0 -j ACCEPT',
    'COMMIT',
    '',
  ].join('\n');
}
