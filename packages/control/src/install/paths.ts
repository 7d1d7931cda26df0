import { daemonCommand, serverUser } from '@redcontrol/client/server-access';

/** Where an installation puts things on a server. The daemon knows the same places by its own options. */
export const serverPaths = {
  data: '/var/lib/redcontrol',
  releases: '/var/lib/redcontrol/releases',
  runtime: '/var/lib/redcontrol/runtime',
  current: '/var/lib/redcontrol/current',
  home: '/var/lib/redcontrol/home',
  /** What an installation put on the server, one thing a line; uninstalling reads it. */
  manifest: '/var/lib/redcontrol/install/manifest',
  /** There while a new daemon is not proven yet: how to go back to the one before. */
  upgrade: '/var/lib/redcontrol/install/upgrade',
  authorizedKeys: '/var/lib/redcontrol/home/.ssh/authorized_keys',
  proxyConfig: '/var/lib/redcontrol/haproxy/haproxy.cfg',
  command: daemonCommand,
  sshdSettings: '/etc/ssh/sshd_config.d/50-redcontrol.conf',
  /** Variables of the daemon; an administrator may add to it. */
  settings: '/etc/default/redcontrol',
  unit: '/etc/systemd/system/redcontrol.service',
  proxyUnit: '/etc/systemd/system/redcontrol-haproxy.service',
} as const;


export const unitNames = { daemon: 'redcontrol.service', proxy: 'redcontrol-haproxy.service' } as const;

/**
 * Directories with their mode and owner. 0711 lets others through to what they are given, but not look around:
 * apt inside mmdebstrap and HAProxy drop to users of their own.
 */
export const serverDirectories: readonly { path: string; mode: string; owner: string }[] = [
  { path: serverPaths.data, mode: '711', owner: 'root:root' },
  { path: `${serverPaths.data}/install`, mode: '700', owner: 'root:root' },
  { path: serverPaths.releases, mode: '755', owner: 'root:root' },
  { path: serverPaths.runtime, mode: '755', owner: 'root:root' },
  { path: `${serverPaths.data}/haproxy`, mode: '711', owner: 'root:root' },
  { path: `${serverPaths.data}/service-home`, mode: '700', owner: 'root:root' },
  { path: `${serverPaths.data}/tmp`, mode: '711', owner: 'root:root' },
  { path: serverPaths.home, mode: '750', owner: `root:${serverUser}` },
  { path: `${serverPaths.home}/.ssh`, mode: '750', owner: `root:${serverUser}` },
];
