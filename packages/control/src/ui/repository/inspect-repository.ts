import type { ParsedControlParams, RepositoryInspection } from '@redcontrol/contract';
import { describeApp, detectFramework } from '@redcontrol/presets';
import { cloneForInspection } from './repository-cache.ts';
import { runGit } from './run-git.ts';
import { viewAtCommit } from './view-at-commit.ts';

/** Tags that are looked up among the branches; older ones are not shown. */
const maxTags = 50;
const maxBranches = 500;

/**
 * Reads a repository with the admin's own access: its branches, its tags with the branches they are on, and what its
 * app is written with. Throws REPOSITORY_UNREACHABLE, CANCELLED.
 */
export async function inspectRepository(folder: string, { repository, root, framework }: ParsedControlParams<'repository.inspect'>, signal?: AbortSignal): Promise<RepositoryInspection> {
  const directory = await cloneForInspection(folder, repository, signal);
  const { branches, defaultBranch, commit } = await readBranches(directory);
  const tags = await tagsOf(directory);
  if (commit === undefined) return { branches, tags, defaultBranch, detections: [], chosen: null, recipe: null };
  const view = viewAtCommit(directory, { commit, root: root ?? '', signal });
  const { detections, chosen } = await detectFramework(view);
  const wanted = framework ?? chosen?.framework;
  return { branches, tags, defaultBranch, detections, chosen: chosen?.framework ?? null, recipe: wanted ? await recipeOf(view, wanted) : null };
}

/** The branches of a clone, and the one that people get with its newest commit; there is none in an empty repository. */
export async function readBranches(directory: string): Promise<Pick<RepositoryInspection, 'branches' | 'defaultBranch'> & { commit: string | undefined }> {
  const branches = await branchesOf(directory);
  const defaultBranch = await headOf(directory, branches.map(({ name }) => name));
  return { branches, defaultBranch, commit: branches.find(({ name }) => name === defaultBranch)?.commit };
}

async function recipeOf(view: ReturnType<typeof viewAtCommit>, framework: NonNullable<RepositoryInspection['chosen']>): Promise<RepositoryInspection['recipe']> {
  const { stages, release, notes } = await describeApp(view, framework);
  return {
    framework, notes, port: release.port, healthPath: release.healthPath,
    stages: { build: stages.build ?? null, migrate: stages.migrate ?? null, test: stages.test ?? null },
  };
}

async function branchesOf(directory: string): Promise<RepositoryInspection['branches']> {
  const text = await runGit(['-C', directory, 'for-each-ref', `--count=${maxBranches}`, '--sort=-committerdate', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads/']);
  return text.split('\n').filter(Boolean).map((line) => ({ commit: line.slice(0, 40), name: line.slice(41) }));
}

async function tagsOf(directory: string): Promise<RepositoryInspection['tags']> {
  const text = await runGit(['-C', directory, 'for-each-ref', `--count=${maxTags}`, '--sort=-creatordate', '--format=%(objectname) %(*objectname) %(refname:lstrip=2)', 'refs/tags/']);
  const tags = text.split('\n').filter(Boolean).map((line) => {
    const [object, target, ...name] = line.split(' ');
    return { commit: target || object || '', name: name.join(' ') };
  });
  return Promise.all(tags.map(async (tag) => ({ ...tag, branches: await branchesWith(directory, tag.commit) })));
}

async function branchesWith(directory: string, commit: string): Promise<string[]> {
  const text = await runGit(['-C', directory, 'for-each-ref', `--contains=${commit}`, '--format=%(refname:lstrip=2)', 'refs/heads/']).catch(() => '');
  return text.split('\n').filter(Boolean);
}

async function headOf(directory: string, branches: readonly string[]): Promise<string | null> {
  const head = (await runGit(['-C', directory, 'symbolic-ref', '--short', 'HEAD']).catch(() => '')).trim();
  if (branches.includes(head)) return head;
  return branches.find((name) => name === 'main' || name === 'master') ?? branches[0] ?? null;
}
