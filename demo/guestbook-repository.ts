import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteForShell, runOrThrow } from '@redcontrol/system';
import { repositoryUrl } from './git-host.ts';
import { places } from './places.ts';
import { tellCommand } from './tell.ts';

const author = ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com'];

/** Puts the guestbook's sources into a new repository and pushes it; answers the commit. */
export async function pushFirstVersion(): Promise<string> {
  await rm(places.clone, { recursive: true, force: true });
  await mkdir(places.clone, { recursive: true });
  await cp(join(import.meta.dirname, 'app'), places.clone, { recursive: true, filter: (path) => !path.includes('node_modules') });
  await git('init', '-q', '--initial-branch=main');
  await git('remote', 'add', 'origin', repositoryUrl);
  return commitAndPush('A guestbook that counts visits');
}

/** Changes a file of the working copy, commits and pushes; answers the commit. */
export async function pushChange(message: string, file: string, change: { from: string; to: string }): Promise<string> {
  const path = join(places.clone, file);
  const text = await readFile(path, 'utf8');
  if (!text.includes(change.from)) throw new Error(`Expected ${change.from} in ${file}, it is not there`);
  await writeFile(path, text.replace(change.from, change.to));
  return commitAndPush(message);
}

async function commitAndPush(message: string): Promise<string> {
  await git('add', '--all');
  tellCommand(`git commit -m ${quoteForShell(message)} && git push`);
  await git(...author, 'commit', '-q', '-m', message);
  await git('push', '-q', 'origin', 'HEAD:main');
  return (await git('rev-parse', 'HEAD')).trim();
}

async function git(...args: string[]): Promise<string> {
  const ssh = `ssh -F ${quoteForShell(places.sshConfig)}`;
  const { stdout } = await runOrThrow('git', args, { cwd: places.clone, variables: { GIT_SSH_COMMAND: ssh }, timeoutMs: 60_000 });
  return stdout;
}
