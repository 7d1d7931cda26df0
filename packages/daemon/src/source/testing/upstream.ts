import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { createGit, type Git, type GitOptions } from '../git/git.ts';

/** A real repository that a test pushes to, and a folder of the daemon's beside it. */
export interface Upstream {
  /** Bare. */
  directory: string;
  url: string;
  /** Runs git in the repository; answers its output without the last line break. */
  git(...args: string[]): Promise<string>;
  /** Adds a commit on a branch (made from nothing where it is new) and answers its id. */
  commit(branch: string, files: Record<string, string | null>, options?: CommitOptions): Promise<string>;
}

export interface CommitOptions {
  message?: string;
  /** Commit to stand on, in place of the branch's own. */
  parent?: string;
  /** Links to other repositories: path to commit. */
  links?: Record<string, string>;
  /** Symlinks: path to target. */
  symlinks?: Record<string, string>;
}

const variables = {
  GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C.UTF-8',
  GIT_AUTHOR_NAME: 'Anna', GIT_AUTHOR_EMAIL: 'anna@example.com', GIT_COMMITTER_NAME: 'Anna', GIT_COMMITTER_EMAIL: 'anna@example.com',
};

/** A folder that every user may pass, removed after the test. */
export async function temporaryFolder(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-source-'));
  await runOrThrow('chmod', ['755', folder]);
  test.after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** The daemon's side: its folders in `<folder>/data`. */
export function testGit(folder: string, options: Partial<GitOptions> = {}): Git {
  return createGit({ directory: join(folder, 'data/repositories'), keyDirectory: join(folder, 'data/ssh'), ...options });
}

export async function createUpstream(folder: string, name = 'upstream'): Promise<Upstream> {
  const directory = join(folder, `${name}.git`);
  await mkdir(directory, { recursive: true });
  const git = (args: string[], options: { input?: string; index?: string } = {}) =>
    runOrThrow('git', [`--git-dir=${directory}`, ...args], {
      variables: { ...variables, ...(options.index ? { GIT_INDEX_FILE: options.index } : {}) },
      ...(options.input === undefined ? {} : { input: options.input }),
    }).then(({ stdout }) => stdout.replace(/\n$/, ''));
  await git(['init', '--quiet', '--bare', '--initial-branch=main']);
  let count = 0;

  return {
    directory,
    url: `file://${directory}`,
    git: (...args) => git(args),
    async commit(branch, files, options = {}) {
      const ref = `refs/heads/${branch}`;
      const parent = options.parent ?? (await git(['rev-parse', '--verify', '--quiet', ref]).catch(() => undefined));
      count += 1;
      const index = join(directory, `index-${count}`);
      if (parent) await git(['read-tree', parent], { index });
      const lines: string[] = [];
      const add = async (mode: string, path: string, text: string) => {
        const id = await git(['hash-object', '-w', '--stdin'], { input: text });
        lines.push(`${mode} ${id}\t${path}`);
      };
      for (const [path, text] of Object.entries(files)) {
        if (text === null) lines.push(`0 ${'0'.repeat(40)}\t${path}`);
        else await add('100644', path, text);
      }
      for (const [path, target] of Object.entries(options.symlinks ?? {})) await add('120000', path, target);
      for (const [path, id] of Object.entries(options.links ?? {})) lines.push(`160000 ${id}\t${path}`);
      await git(['update-index', '-z', '--add', '--index-info'], { index, input: lines.map((line) => `${line}\0`).join('') });
      const tree = await git(['write-tree'], { index });
      await rm(index, { force: true });
      const id = await git(['commit-tree', tree, ...(parent ? ['-p', parent] : []), '-m', options.message ?? `change ${count}`]);
      await git(['update-ref', ref, id]);
      return id;
    },
  };
}

/** Writes a ref as a host would advertise it, also one that git's own commands refuse to make. */
export async function writeRawRef(upstream: Upstream, name: string, commit: string): Promise<void> {
  const path = join(upstream.directory, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${commit}\n`);
}
