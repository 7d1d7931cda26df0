import { RedControlError } from '@redcontrol/contract';
import { ensureDeployKey } from '../git/deploy-key.ts';
import type { Git } from '../git/git.ts';
import { parseRemote, type Remote } from '../git/remote-url.ts';
import { remoteFailure, remoteGitResult } from '../git/run-remote-git.ts';
import { sortRefs, type ListedRefs } from './remote-refs.ts';

export interface ListRemoteOptions {
  project: string;
  url: string;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Also asks which branch is the default one: a second question to the host. */
  head?: boolean;
}

const defaultTimeoutMs = 30_000;
/** About 200,000 refs. */
const maxOutputBytes = 32 * 1024 * 1024;

/**
 * Branches and tags of a repository, without fetching anything.
 * Throws REPOSITORY_UNREACHABLE with the hint that fits, LIMIT_REACHED on an absurd number of refs.
 */
export async function listRemote(git: Git, options: ListRemoteOptions): Promise<ListedRefs> {
  const remote = parseRemote(options.url);
  git.urls.set(options.project, options.url);
  if (remote.transport === 'ssh') await ensureDeployKey(git, options.project);
  const listed = await ask(git, options, remote, ['--heads', '--tags', '--', remote.url]);
  const head = options.head ? headOf(await ask(git, options, remote, ['--symref', '--', remote.url, 'HEAD'])) : undefined;
  return sortRefs(peeled(listed), head);
}

async function ask(git: Git, options: ListRemoteOptions, remote: Remote, args: string[]): Promise<string> {
  const result = await remoteGitResult(git, ['ls-remote', '--quiet', ...args], {
    project: options.project,
    remote,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    maxOutputBytes,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (result.exitCode !== 0) throw await remoteFailure(git, result, { project: options.project, remote });
  if (Buffer.byteLength(result.stdout) >= maxOutputBytes) {
    throw new RedControlError('LIMIT_REACHED', `Expected less than ${maxOutputBytes} bytes of branch and tag names, got more`, { hint: 'Delete branches and tags that are not needed.' });
  }
  return result.stdout;
}

/** `<id>\t<ref>` lines; `<ref>^{}` says to which commit an annotated tag leads and comes after it. */
function* peeled(text: string): Generator<{ name: string; commit: string }> {
  for (const line of text.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const name = line.slice(tab + 1);
    yield { name: name.endsWith('^{}') ? name.slice(0, -3) : name, commit: line.slice(0, tab) };
  }
}

function headOf(text: string): string | undefined {
  return /^ref: refs\/heads\/(.+)\tHEAD$/m.exec(text)?.[1];
}
