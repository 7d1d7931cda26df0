import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', '.work', 'demo');

/** Everything that the demo keeps; `--down` removes the folder. */
export const places = {
  folder,
  /** The bundled programs, made from the sources as they are. */
  programs: join(folder, 'programs'),
  /** The working copy that changes are pushed from. */
  clone: join(folder, 'guestbook'),
  config: join(folder, 'redcontrol.yml'),
  sshConfig: join(folder, 'ssh_config'),
  /** The command line with the demo's settings. */
  command: join(folder, 'redcontrol'),
  serverKeys: join(folder, 'server'),
  gitHostKeys: join(folder, 'git-host'),
} as const;

export const instances = { server: 'redcontrol-demo', gitHost: 'redcontrol-demo-git' } as const;
