import { mirrorPath, type Git } from '../git/git.ts';
import { runGit } from '../git/run-git.ts';
import { sortRefs, type ListedRefs } from './remote-refs.ts';

interface Entry {
  name: string;
  commit: string;
  type: string;
}

/** Branches and tags as the mirror has them since its last fetch; tags peeled down to the commit, as listRemote does. */
export async function mirrorRefs(git: Git, project: string): Promise<ListedRefs> {
  const repository = mirrorPath(git, project);
  const lines = refLines(await git.memory.refs(repository, () => readRefs(git, repository)));
  const entries: Entry[] = lines.map(({ name, object, objectType, peeled, peeledType }) => ({ name, commit: peeled || object, type: peeledType || objectType }));
  await peelNested(git, repository, entries.filter(({ type }) => type === 'tag'));
  const refs = sortRefs(entries, undefined);
  git.memory.addCommits(repository, Object.values(refs.branches));
  return refs;
}

/** A branch or tag as git stores it. `peeled`: what an annotated tag names, else empty. */
export interface RefLine {
  name: string;
  object: string;
  objectType: string;
  peeled: string;
  peeledType: string;
}

/** All branches and tags of a repository, for refLines. */
export function readRefs(git: Git, repository: string): Promise<string> {
  const format = '%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)';
  return runGit(git, ['for-each-ref', `--format=${format}`, 'refs/heads', 'refs/tags'], { repository, maxOutputBytes: 64 * 1024 * 1024 });
}

export function refLines(text: string): RefLine[] {
  return text.split('\n').flatMap((line) => {
    const [object = '', objectType = '', peeled = '', peeledType = '', ...name] = line.split(' ');
    return name.length === 0 ? [] : [{ name: name.join(' '), object, objectType, peeled, peeledType }];
  });
}

/** A tag of a tag: for-each-ref peels one of them. */
async function peelNested(git: Git, repository: string, nested: Entry[]): Promise<void> {
  if (nested.length === 0) return;
  const input = nested.map(({ commit }) => `${commit}^{}\n`).join('');
  const lines = (await runGit(git, ['cat-file', '--batch-check=%(objectname) %(objecttype)'], { repository, input })).split('\n');
  nested.forEach((entry, index) => {
    const [commit = '', type = ''] = lines[index]?.split(' ') ?? [];
    Object.assign(entry, { commit, type });
  });
}
