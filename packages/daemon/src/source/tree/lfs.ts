import { join } from 'node:path';
import { mirrorPath, type Git } from '../git/git.ts';
import { parseRemote, type Remote } from '../git/remote-url.ts';
import { remoteFailure, remoteGitResult } from '../git/run-remote-git.ts';
import { gitResult } from '../git/run-git.ts';
import { requireFollowable } from './followable.ts';
import { share } from './ensure-readable.ts';
import type { Placement } from './place-commit.ts';

export type LfsState = 'none' | 'fetched' | 'pointers';

const fetchTimeoutMs = 60 * 60_000;
const installed = new WeakMap<Git, Promise<boolean>>();

/** Whether a commit has files that git-lfs keeps: an attribute says so. */
export async function usesLfs(git: Git, project: string, commit: string): Promise<boolean> {
  const args = ['grep', '-q', '--fixed-strings', '-e', 'filter=lfs', commit, '--', ':(glob)**/.gitattributes'];
  return (await gitResult(git, args, { repository: mirrorPath(git, project) })).exitCode === 0;
}

/**
 * Fetches a commit's LFS files into the mirror's store, where they are kept for the next checkout, and answers the
 * variables with which git then writes them. Nothing is fetched while the tree is written: that user has no key.
 */
export async function fetchLfs(git: Git, placement: Placement): Promise<{ state: LfsState; variables: Record<string, string> }> {
  if (placement.lfs === 'off' || placement.url === undefined || !(await lfsInstalled(git))) return { state: 'pointers', variables: {} };
  const { project, commit, owner, signal } = placement;
  const mirror = mirrorPath(git, project);
  const remote = parseRemote(placement.url);
  const endpoint = await ownEndpoint(git, placement, remote);
  const result = await remoteGitResult(git, [...(endpoint === undefined ? [] : ['-c', `lfs.url=${endpoint}`]), 'lfs', 'fetch', remote.url, commit], {
    repository: mirror,
    project,
    remote,
    timeoutMs: fetchTimeoutMs,
    ...(signal ? { signal } : {}),
  });
  if (result.exitCode !== 0) throw await remoteFailure(git, { ...result, stderr: `${result.stderr}\n${result.stdout}` }, { project, remote });
  const storage = join(mirror, 'lfs');
  if (owner) await share(storage, owner.gid);
  return { state: 'fetched', variables: lfsVariables(storage) };
}

/** `lfs.url` of the commit's .lfsconfig, checked like a submodule's address: it comes from the repository. */
async function ownEndpoint(git: Git, placement: Placement, remote: Remote): Promise<string | undefined> {
  const args = ['config', `--blob=${placement.commit}:.lfsconfig`, '--get', 'lfs.url'];
  const { exitCode, stdout } = await gitResult(git, args, { repository: mirrorPath(git, placement.project), maxOutputBytes: 4096 });
  if (exitCode !== 0 || stdout.trim() === '') return undefined;
  const endpoint = parseRemote(stdout.trim());
  await requireFollowable(git, { parent: remote, child: endpoint, what: 'LFS server' });
  return endpoint.url;
}

function lfsVariables(storage: string): Record<string, string> {
  const settings = {
    'filter.lfs.process': 'git-lfs filter-process',
    'filter.lfs.smudge': 'git-lfs smudge -- %f',
    'filter.lfs.clean': 'git-lfs clean -- %f',
    'filter.lfs.required': 'true',
    'lfs.storage': storage,
  };
  const pairs = Object.entries(settings).flatMap(([key, value], index) => [[`GIT_CONFIG_KEY_${index}`, key], [`GIT_CONFIG_VALUE_${index}`, value]]);
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(Object.keys(settings).length), GIT_LFS_SKIP_SMUDGE: '0' };
}

function lfsInstalled(git: Git): Promise<boolean> {
  const known = installed.get(git);
  if (known) return known;
  const asked = gitResult(git, ['lfs', 'version']).then(({ exitCode }) => exitCode === 0);
  installed.set(git, asked);
  return asked;
}
