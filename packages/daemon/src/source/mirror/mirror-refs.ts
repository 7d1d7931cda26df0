import { mirrorPath, type Git } from '../git/git.ts';
import { runGit } from '../git/run-git.ts';
import { sortRefs, type ListedRefs } from './remote-refs.ts';

/** Branches and tags as the mirror has them since its last fetch; tags peeled down to the commit, as listRemote does. */
export async function mirrorRefs(git: Git, project: string): Promise<ListedRefs> {
  const repository = mirrorPath(git, project);
  const format = '%(objectname) %(*objectname) %(*objecttype) %(refname)';
  const text = await runGit(git, ['for-each-ref', `--format=${format}`, 'refs/heads', 'refs/tags'], { repository, maxOutputBytes: 64 * 1024 * 1024 });
  const entries = text.split('\n').flatMap((line) => {
    const [object = '', peeled = '', type = '', ...name] = line.split(' ');
    return name.length === 0 ? [] : [{ name: name.join(' '), commit: peeled === '' ? object : peeled, isNested: type === 'tag' }];
  });
  const nested = entries.filter(({ isNested }) => isNested);
  if (nested.length === 0) return sortRefs(entries, undefined);
  // A tag of a tag: for-each-ref peels one of them.
  const ids = await runGit(git, ['cat-file', '--batch-check=%(objectname)'], { repository, input: nested.map(({ commit }) => `${commit}^{}\n`).join('') });
  ids.trimEnd().split('\n').forEach((id, index) => {
    const entry = nested[index];
    if (entry) entry.commit = id;
  });
  return sortRefs(entries, undefined);
}
