import type { Clock } from '@redcontrol/system';
import type { BackupKey } from './backup/sealing/backup-key.ts';
import type { Engine } from './engine/index.ts';
import type { Machines } from './machine/index.ts';
import type { Images } from './images/index.ts';
import type { Git } from './source/index.ts';
import type { Certificates } from './certificates/index.ts';
import type { Proxy } from './proxy/index.ts';
import type { Store } from './store/index.ts';
import type { EventHub } from './notify/event-hub.ts';

/** Where the daemon keeps and finds things; tests give temporary folders. Durations in ms, sizes in bytes. */
export interface DaemonOptions {
  /** State that must survive: /var/lib/redcontrol. */
  dataDirectory: string;
  /** Sockets: /run/redcontrol. */
  runDirectory: string;
  /** Value of the `redcontrol` label; `default` on a server. */
  instance: string;
  engineSocket: string;
  httpPort: number;
  httpsPort: number;
  /** Runs at the same time; the rest waits in the queue. */
  runConcurrency: number;
  /** Starts of scheduled jobs that run at the same time; the rest waits. */
  jobConcurrency: number;
  /** Environments kept ready ahead of the next push, over all projects. */
  warmCount: number;
  /** Least time between two looks at a repository; the configuration may ask for longer. */
  minPollMs: number;
  acmeDirectoryUrl: string;
  /** CA file of the ACME server, for a private one. */
  acmeCaFile?: string;
  /** Images and saved states of virtual machines, for several daemons to share; left out: in the data directory. */
  machinesDirectory?: string;
  /** Where backups lie that are kept on the server; left out: in the data directory. */
  backupDirectory?: string;
  /** Backups, restores and rehearsals stop before less than this is free on a disk. */
  diskReserveBytes: number;
  /** Host name or address under which environments without a domain are reached. */
  publicHost: string;
}

/** What every part of the daemon works with; made once by main.ts. */
export interface DaemonContext {
  options: DaemonOptions;
  store: Store;
  engine: Engine;
  images(source: 'auto' | 'hub' | 'debian', mirror: string | undefined): Images;
  git: Git;
  /** Virtual machines of this server; nothing of them runs until one is asked for. */
  machines: Machines;
  proxy: Proxy;
  certificates: Certificates;
  /** Key that secrets are sealed with. */
  key: Buffer;
  /** Pair that backups are encrypted with. */
  backupKey: BackupKey;
  clock: Clock;
  events: EventHub;
  log: Logger;
}

/** What making a place for steps needs: the daemon has it, and a run on a developer's own machine. */
export type WorkContext = Pick<DaemonContext, 'options' | 'engine' | 'images' | 'git' | 'clock' | 'log'> & { machines?: Machines };

/** One line per call, to the journal. */
export interface Logger {
  info(text: string): void;
  error(text: string, cause?: unknown): void;
}

/** uid and gid of steps and apps inside containers, and of the working trees mounted into them. */
export const workUser = { uid: 10_001, gid: 10_001 } as const;
