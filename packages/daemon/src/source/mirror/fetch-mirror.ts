import { RedControlError } from '@redcontrol/contract';
import { ensureDeployKey } from '../git/deploy-key.ts';
import type { Git } from '../git/git.ts';
import { isCommitId } from '../git/ref-name.ts';
import { parseRemote, type Remote } from '../git/remote-url.ts';
import { remoteFailure, remoteGitResult } from '../git/run-remote-git.ts';
import type { RunResult } from '@redcontrol/system';
import { ensureMirror } from './ensure-mirror.ts';
import { hasCommit } from './has-commit.ts';

export interface FetchOptions {
  project: string;
  url: string;
  /** Commit (or the beginning of its id) that is needed: nothing is fetched when the mirror has it, and COMMIT_VANISHED is thrown when nobody has it. */
  wanted?: string;
  /** Only these branches and tags, by full name (`refs/heads/main`); left out: all, and what is gone is pruned. */
  refs?: readonly string[];
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** The first fetch brings the whole history. */
const firstTimeoutMs = 60 * 60_000;
const laterTimeoutMs = 10 * 60_000;
/** git cannot write a ref as a file when a part of its name has more than 255 bytes with `.lock`; we use none of these. */
const tooLong = /File name too long|unable to update local ref/;

/**
 * Brings the project's bare mirror up to the remote: branches and tags only, forced and pruned.
 * Throws REPOSITORY_UNREACHABLE, COMMIT_VANISHED, DISK_FULL.
 */
export async function fetchMirror(git: Git, options: FetchOptions): Promise<void> {
  const remote = parseRemote(options.url);
  git.urls.set(options.project, options.url);
  const { wanted } = options;
  if (wanted !== undefined && (await hasCommit(git, options.project, wanted))) return;
  if (remote.transport === 'ssh') await ensureDeployKey(git, options.project);
  await git.mirrorTurns.take(options.project, () => fetchNow(git, options, remote), options.signal);
  if (wanted === undefined || (await hasCommit(git, options.project, wanted))) return;
  if (!isCommitId(wanted)) throw vanished(wanted, remote);
  // Hosts give a commit that no branch has any more when it is asked for by its id.
  await git.mirrorTurns.take(options.project, () => fetchSpecs(git, options, { remote, specs: [wanted], timeoutMs: laterTimeoutMs }), options.signal);
  if (!(await hasCommit(git, options.project, wanted))) throw vanished(wanted, remote);
}

async function fetchNow(git: Git, options: FetchOptions, remote: Remote): Promise<void> {
  const { made } = await ensureMirror(git, options.project);
  const timeoutMs = options.timeoutMs ?? (made ? firstTimeoutMs : laterTimeoutMs);
  if (options.refs && options.refs.length > 0) {
    const result = await fetchSpecs(git, options, { remote, specs: options.refs.map((ref) => `+${ref}:${ref}`), timeoutMs });
    // A ref that went meanwhile, or one in the way of another, is sorted out by a fetch of all.
    if (result.exitCode === 0) return;
  }
  const result = await fetchSpecs(git, options, { remote, specs: ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'], timeoutMs, prune: true });
  if (result.exitCode !== 0 && !onlyTooLongNames(result)) throw await remoteFailure(git, result, { project: options.project, remote });
}

async function fetchSpecs(git: Git, options: FetchOptions, what: { remote: Remote; specs: string[]; timeoutMs: number; prune?: boolean }): Promise<RunResult> {
  const { mirror } = await ensureMirror(git, options.project);
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--force', ...(what.prune ? ['--prune'] : []), '--stdin', '--', what.remote.url];
  const fetched = remoteGitResult(git, args, {
    repository: mirror,
    project: options.project,
    remote: what.remote,
    timeoutMs: what.timeoutMs,
    input: `${what.specs.join('\n')}\n`,
    maxOutputBytes: 1024 * 1024,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  // Also one that failed or was stopped may have written some.
  return fetched.finally(() => git.memory.refsChanged(mirror));
}

/** Any other ref that could not be written would leave the mirror telling an old state as the new one. */
function onlyTooLongNames({ exitCode, stderr }: RunResult): boolean {
  const lines = stderr.split('\n').filter((line) => /^(error|fatal): | ! \[/.test(line));
  return exitCode === 1 && lines.some((line) => line.includes('File name too long')) && lines.every((line) => tooLong.test(line));
}

function vanished(commit: string, remote: Remote): RedControlError {
  return new RedControlError('COMMIT_VANISHED', `Expected commit ${commit.slice(0, 64)} in ${remote.url}, it is not there`, {
    hint: 'It was replaced by a forced push or never pushed. Push it again, or deploy another commit.',
  });
}
