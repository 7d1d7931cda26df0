import { chmodSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { name, RedControlError } from '@redcontrol/contract';
import { createTurns, type Turns } from './turns.ts';
import { gitConfigText } from './git-config-text.ts';
import { createMirrorMemory, type MirrorMemory } from './mirror-memory.ts';

/** What the git verbs work with: one folder of mirrors, one of keys. Made once per daemon. */
export interface Git {
  /** Holds `<project>.git`, a bare mirror per repository, and the configuration file that every git reads. */
  readonly directory: string;
  /** Holds `<project>` (private deploy key), `<project>.pub` and `<project>.known_hosts`. */
  readonly keyDirectory: string;
  /** The git program; a name is looked up on PATH. */
  readonly program: string;
  /** The only configuration file that git reads besides a repository's own. */
  readonly configFile: string;
  /** off: LFS files stay pointers, also where git-lfs is installed. */
  readonly lfs: 'auto' | 'off';
  /** A mirror up to this size is given whole to a run's tree, a larger one only with its latest commits. */
  readonly historyLimitBytes: number;
  /** Commands of one mirror that write follow each other. */
  readonly mirrorTurns: Turns;
  /** Bounds how many git processes talk to remotes at the same time. */
  readonly remoteTurns: Turns;
  readonly memory: MirrorMemory;
  /** Repositories that are followed: they share how often may be looked. */
  readonly followers: { count: number };
  /** Clean or with credentials, as last given to a verb: submodules and LFS are resolved against it. */
  readonly urls: Map<string, string>;
  /** Name of the deploy key, where it is not the repository's own: submodules are fetched with their project's key. */
  readonly keyName?: string;
}

export interface GitOptions {
  /** `<data>/repositories` */
  directory: string;
  /** `<data>/ssh` */
  keyDirectory: string;
  program?: string;
  lfs?: 'auto' | 'off';
  historyLimitBytes?: number;
  /** Git processes that talk to remotes at the same time, over all projects. */
  maxRemoteProcesses?: number;
}

const defaultHistoryLimitBytes = 64 * 1024 * 1024;

/**
 * Prepares the folders and git's configuration file. The folder of mirrors and the one above it can be passed
 * (not listed) by every user, because git writes working trees as the user of the steps.
 */
export function createGit(options: GitOptions): Git {
  const { directory, keyDirectory } = options;
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  mkdirSync(keyDirectory, { recursive: true, mode: 0o700 });
  for (const folder of [dirname(directory), directory]) chmodSync(folder, (statSync(folder).mode & 0o7777) | 0o111);
  const configFile = join(directory, 'gitconfig');
  const temporary = `${configFile}.tmp`;
  writeFileSync(temporary, gitConfigText, { mode: 0o644 });
  chmodSync(temporary, 0o644);
  renameSync(temporary, configFile);
  return {
    directory,
    keyDirectory,
    configFile,
    program: options.program ?? 'git',
    lfs: options.lfs ?? 'auto',
    historyLimitBytes: options.historyLimitBytes ?? defaultHistoryLimitBytes,
    mirrorTurns: createTurns({ perKey: 1 }),
    remoteTurns: createTurns({ perKey: options.maxRemoteProcesses ?? 4 }),
    memory: createMirrorMemory(),
    followers: { count: 0 },
    urls: new Map(),
  };
}

/** Folder of a project's bare mirror. The name is checked: it becomes part of a path. */
export function mirrorPath(git: Git, project: string): string {
  return join(git.directory, `${checkedName(project)}.git`);
}

/** Paths of a project's deploy key and of the host keys that it has met. */
export function keyPaths(git: Git, project: string): { privateKey: string; publicKey: string; knownHosts: string } {
  const base = join(git.keyDirectory, checkedName(git.keyName ?? project));
  return { privateKey: base, publicKey: `${base}.pub`, knownHosts: `${base}.known_hosts` };
}

function checkedName(project: string): string {
  if (!name.safeParse(project).success) throw new RedControlError('USAGE', `Expected a project's name, got ${JSON.stringify(project.slice(0, 80))}`);
  return project;
}
