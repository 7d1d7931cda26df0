import { runToEnd } from '@redcontrol/system';

/** What git says of a working copy. */
export interface GitFacts {
  /** Top folder of the working copy. */
  root: string;
  /** Name and address of each remote. */
  remotes: { name: string; url: string }[];
  branches: string[];
  /** Branch that the remote's HEAD names. */
  defaultBranch: string | undefined;
  currentBranch: string | undefined;
  tags: string[];
  /** `user.name` of the configuration. */
  userName: string | undefined;
}

const maxRefs = 500;

/** Reads a working copy with git and changes nothing; undefined where there is none. */
export async function readGit(folder: string, signal: AbortSignal): Promise<GitFacts | undefined> {
  const git = async (...args: string[]) => {
    const result = await runToEnd('git', ['-C', folder, ...args], { signal, timeoutMs: 20_000, variables: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' } }).catch((thrown: unknown) => {
      if (signal.aborted) throw thrown;
      return undefined;
    });
    return result?.exitCode === 0 ? result.stdout.trim() : undefined;
  };
  const root = await git('rev-parse', '--show-toplevel');
  if (root === undefined) return undefined;
  const names = lines(await git('remote'));
  const remotes = await Promise.all(names.map(async (name) => ({ name, url: (await git('remote', 'get-url', '--', name)) ?? '' })));
  const [remoteRefs, localRefs, tags, head, currentBranch, userName] = await Promise.all([
    git('for-each-ref', `--count=${maxRefs}`, '--format=%(refname:lstrip=3)', 'refs/remotes'),
    git('for-each-ref', `--count=${maxRefs}`, '--format=%(refname:lstrip=2)', 'refs/heads'),
    git('for-each-ref', `--count=${maxRefs}`, '--sort=-creatordate', '--format=%(refname:lstrip=2)', 'refs/tags'),
    git('symbolic-ref', '--short', 'refs/remotes/origin/HEAD'),
    git('symbolic-ref', '--short', 'HEAD'),
    git('config', 'user.name'),
  ]);
  const branches = [...new Set([...lines(remoteRefs), ...lines(localRefs)])].filter((name) => name !== 'HEAD');
  return { root, remotes: remotes.filter(({ url }) => url !== ''), branches, defaultBranch: head?.replace(/^origin\//, ''), currentBranch, tags: lines(tags), userName: userName || undefined };
}

function lines(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}
