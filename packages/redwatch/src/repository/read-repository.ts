import { runToEnd } from '@redcontrol/system';

/** What git says of a folder's repository. */
export interface Repository {
  root: string;
  remotes: string[];
  /** Full id of HEAD's commit; undefined before the first commit. */
  commit: string | undefined;
  branch: string | undefined;
  userName: string | undefined;
  userEmail: string | undefined;
}

/** Undefined where there is no repository, or no git. Changes nothing. */
export async function readRepository(folder: string, signal: AbortSignal): Promise<Repository | undefined> {
  const git = async (...args: string[]) => {
    const result = await runToEnd('git', ['-C', folder, ...args], { signal, timeoutMs: 20_000, variables: { GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' } }).catch(() => undefined);
    signal.throwIfAborted();
    return result?.exitCode === 0 ? result.stdout.trim() || undefined : undefined;
  };
  const [root, urls, commit, branch, userName, userEmail] = await Promise.all([
    git('rev-parse', '--show-toplevel'),
    git('config', '--get-regexp', '^remote\\..*\\.(url|pushurl)$'),
    git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'),
    git('symbolic-ref', '--quiet', '--short', 'HEAD'),
    git('config', 'user.name'),
    git('config', 'user.email'),
  ]);
  if (root === undefined) return undefined;
  const remotes = [...new Set((urls ?? '').split('\n').map((line) => line.slice(line.indexOf(' ') + 1)).filter((url) => url !== ''))];
  return { root, remotes, commit, branch, userName, userEmail };
}
