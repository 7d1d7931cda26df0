import type { GitFacts } from '../repository/read-git.ts';

/** A value that was chosen, with the reason in words. */
export interface Choice<Value> {
  value: Value;
  why: string;
}

const usualMains = ['main', 'master', 'trunk'];
const usualTests = ['develop', 'dev', 'development', 'staging', 'stage', 'test', 'next'];

/** The branch that production is deployed from; undefined when that is not clear. */
export function mainBranch(git: GitFacts): Choice<string> | undefined {
  const { branches, defaultBranch, currentBranch } = git;
  if (defaultBranch !== undefined && branches.includes(defaultBranch)) return { value: defaultBranch, why: 'it is the remote\'s default branch' };
  const usual = usualMains.filter((name) => branches.includes(name));
  if (usual.length === 1 && usual[0]) return { value: usual[0], why: 'it is the usual name, and no other of them exists' };
  if (branches.length === 1 && branches[0]) return { value: branches[0], why: 'it is the only branch' };
  if (branches.length === 0 && currentBranch !== undefined) return { value: currentBranch, why: 'it is checked out, and there are no commits yet' };
  return undefined;
}

/** The branch that the test environment is deployed from, where one has a usual name. */
export function testBranch({ branches }: GitFacts, main: string): Choice<string> | undefined {
  const found = usualTests.find((name) => name !== main && branches.includes(name));
  return found === undefined ? undefined : { value: found, why: 'the branch exists, and the name says that it is not for production' };
}

/** The pattern of version tags, where the repository has some. */
export function versionTags({ tags }: GitFacts): Choice<string> | undefined {
  const count = (pattern: RegExp) => tags.filter((tag) => pattern.test(tag)).length;
  const withV = count(/^v\d+(\.\d+)*/);
  if (withV > 0) return { value: 'v*', why: `there are ${withV} such tags, e.g. ${tags.find((tag) => /^v\d/.test(tag))}` };
  return undefined;
}
