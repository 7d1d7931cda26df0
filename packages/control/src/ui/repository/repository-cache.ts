import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from './run-git.ts';

const cloneTimeoutMs = 180_000;

/**
 * A bare clone of a repository without its files' contents (git fetches the few that are looked at), brought up to date.
 * A host that cannot leave contents out sends everything. Throws REPOSITORY_UNREACHABLE, CANCELLED.
 */
export async function cloneForInspection(folder: string, repository: string, signal?: AbortSignal): Promise<string> {
  const directory = join(folder, `${createHash('sha256').update(repository).digest('hex').slice(0, 24)}.git`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const call = { timeoutMs: cloneTimeoutMs, signal };
  if (await stat(join(directory, 'HEAD')).catch(() => undefined)) {
    await runGit(['-C', directory, 'fetch', '--quiet', '--prune', '--force', 'origin', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'], call);
    return directory;
  }
  try {
    await runGit(['clone', '--quiet', '--bare', '--filter=blob:none', '--', repository, directory], call);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  return directory;
}
