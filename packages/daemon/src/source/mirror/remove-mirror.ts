import { rm } from 'node:fs/promises';
import { closeObjectReader } from '../git/object-reader.ts';
import { keyPaths, mirrorPath, type Git } from '../git/git.ts';

/** Removes a project's mirrors, deploy key and known hosts, for a project that is gone. */
export async function removeMirror(git: Git, project: string): Promise<void> {
  const mirror = mirrorPath(git, project);
  const { privateKey, publicKey, knownHosts } = keyPaths(git, project);
  git.urls.delete(project);
  git.memory.forget(mirror);
  closeObjectReader(git, mirror);
  await git.mirrorTurns.take(project, async () => {
    const paths = [mirror, mirror.replace(/\.git$/, '.modules'), privateKey, publicKey, knownHosts];
    await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
  });
}
