import type { RepositoryView } from '@redcontrol/presets';
import { mirrorPath, type Git } from '../git/git.ts';
import { objectReader, type ObjectReader } from '../git/object-reader.ts';
import { isCommitId } from '../git/ref-name.ts';
import { RedControlError } from '@redcontrol/contract';

const maxTextBytes = 1024 * 1024;
/** A folder of about 400,000 names; one that is larger shows none. */
const maxFolderBytes = 16 * 1024 * 1024;

/**
 * A look at a commit's files in the mirror, without a checkout. `root`: a folder of the repository that counts as the top.
 * Paths that lead out of the tree, by `..` or by a symlink, are not there.
 */
export function repositoryAt(git: Git, project: string, commit: string, root = ''): RepositoryView {
  if (!isCommitId(commit)) throw new RedControlError('COMMIT_VANISHED', `Expected a commit id, got ${JSON.stringify(commit.slice(0, 80))}`);
  const objects = objectReader(git, mirrorPath(git, project));
  return {
    async list(folder) {
      const path = treePath(root, folder);
      return path === undefined ? [] : folderNames(objects, `${commit}:${path}`);
    },
    async exists(path) {
      const full = treePath(root, path);
      if (full === undefined) return false;
      return (await objects.look(`${commit}:${full}`)) !== undefined;
    },
    async readText(path) {
      const full = treePath(root, path);
      if (full === undefined || full === '') return undefined;
      const found = await objects.look(`${commit}:${full}`);
      if (found?.type !== 'blob' || found.sizeBytes > maxTextBytes) return undefined;
      return (await objects.read(found.id))?.toString('utf8');
    },
  };
}

async function folderNames(objects: ObjectReader, tree: string): Promise<string[]> {
  const found = await objects.look(tree);
  if (found?.type !== 'tree' || found.sizeBytes > maxFolderBytes) return [];
  const content = await objects.read(found.id);
  return content === undefined ? [] : treeNames(content, found.id.length / 2);
}

/** A tree object is a row of `mode name NUL id`, the id in bytes; 40000 is the mode of a folder (gitformat-pack(5)). */
function treeNames(content: Buffer, idBytes: number): string[] {
  const names: string[] = [];
  for (let at = 0; at < content.length; ) {
    const [space, end] = [content.indexOf(32, at), content.indexOf(0, at)];
    const name = content.toString('utf8', space + 1, end);
    names.push(content.toString('latin1', at, space) === '40000' ? `${name}/` : name);
    at = end + 1 + idBytes;
  }
  return names;
}

/** A clean path below `root`, or undefined for one that git must not be asked for. */
function treePath(root: string, path: string): string | undefined {
  if (/[\0\n]/.test(path) || path.startsWith('/')) return undefined;
  const parts = [...root.split('/'), ...path.split('/')].filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}
