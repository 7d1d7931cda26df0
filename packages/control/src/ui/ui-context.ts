import type { ControlNotificationBody, ControlNotificationName, ServerAddress } from '@redcontrol/contract';
import type { SshTarget } from '@redcontrol/system';
import type { WantedInstall } from '../install/index.ts';
import type { ApplyJobs } from './apply/apply-jobs.ts';
import type { Drafts } from './projects/drafts.ts';
import type { HeldSecrets } from './projects/held-secrets.ts';
import type { ProjectList } from './projects/project-list.ts';
import type { ServerLinks } from './servers/server-links.ts';

/** What the methods of the page work with. */
export interface UiContext {
  /** Control's folder of this user. */
  folder: string;
  /** Folder for what can be fetched again. */
  cacheFolder: string;
  servers: ServerLinks;
  projects: ProjectList;
  drafts: Drafts;
  secrets: HeldSecrets;
  jobs: ApplyJobs;
  install: InstallParts;
  notify: <N extends ControlNotificationName>(name: N, body: ControlNotificationBody<N>) => void;
  /** Follows what the configurations name now: their servers, and the files themselves. */
  refresh(): Promise<void>;
}

export interface InstallParts {
  /** The address with the user's choices for ssh (another configuration file, a key). */
  target(address: ServerAddress): SshTarget;
  /** The daemon to install; undefined where servers are reached without installing, over a socket. */
  wanted: (() => Promise<WantedInstall>) | undefined;
}
