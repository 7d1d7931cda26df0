import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';

/** A bare git repository as a project's origin, with a clone to push from. */
export interface TestRepository {
  url: string;
  bareDirectory: string;
  workDirectory: string;
  /** Writes files (undefined removes one), commits and pushes. Answers the commit. */
  push(files: Record<string, string | undefined>, options?: { branch?: string; message?: string; force?: boolean }): Promise<string>;
  tag(name: string): Promise<void>;
  git(...args: string[]): Promise<string>;
}

const identity = ['-c', 'user.name=Anna Test', '-c', 'user.email=anna@example.com', '-c', 'commit.gpgsign=false', '-c', 'init.defaultBranch=main'];

/** Makes the repository with a first commit on main. */
export async function createRepository(directory: string, files: Record<string, string>): Promise<TestRepository> {
  const bareDirectory = join(directory, 'origin.git');
  const workDirectory = join(directory, 'work');
  await mkdir(directory, { recursive: true });
  await runOrThrow('git', [...identity, 'init', '--quiet', '--bare', bareDirectory]);
  await runOrThrow('git', [...identity, 'init', '--quiet', workDirectory]);
  const git = async (...args: string[]) => (await runOrThrow('git', [...identity, '-C', workDirectory, ...args])).stdout.trim();
  await git('remote', 'add', 'origin', bareDirectory);

  const repository: TestRepository = {
    url: `file://${bareDirectory}`, bareDirectory, workDirectory, git,
    async push(changed, options = {}) {
      const branch = options.branch ?? 'main';
      const current = await git('symbolic-ref', '--short', 'HEAD');
      if (current !== branch) {
        const exists = await git('branch', '--list', branch);
        await git('checkout', '--quiet', ...(exists ? [branch] : ['-b', branch]));
      }
      for (const [path, content] of Object.entries(changed)) {
        const target = join(workDirectory, path);
        if (content === undefined) await rm(target, { force: true });
        else {
          await mkdir(dirname(target), { recursive: true });
          await writeFile(target, content);
        }
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', options.message ?? `Change ${Object.keys(changed).join(', ')}`);
      await git('push', '--quiet', ...(options.force ? ['--force'] : []), 'origin', branch);
      return git('rev-parse', 'HEAD');
    },
    async tag(name) {
      await git('tag', name);
      await git('push', '--quiet', 'origin', name);
    },
  };
  await repository.push(files, { message: 'First version' });
  return repository;
}
