import { chmod, chown, lstat, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Lets the steps' group read a mirror, from which git writes the tree as that user. Containers do not see mirrors;
 * other users of the server still cannot read them. Later files take the group over (setgid, core.sharedRepository).
 */
export async function ensureReadable(mirror: string, gid: number): Promise<void> {
  const top = await stat(mirror);
  if (top.gid === gid && (top.mode & 0o2050) === 0o2050) return;
  for (const part of ['objects', 'lfs', 'packed-refs', 'refs', 'HEAD', 'config']) await share(join(mirror, part), gid);
  // The top comes last: it says that all below is done.
  await chown(mirror, -1, gid);
  await chmod(mirror, 0o2750);
}

/** Gives a file, or a folder with all in it, to the group, readable. Nothing there is no error. */
export async function share(path: string, gid: number): Promise<void> {
  const entry = await lstat(path).catch(() => undefined);
  if (entry === undefined || entry.isSymbolicLink()) return;
  await chown(path, -1, gid);
  await chmod(path, (entry.mode & 0o7777) | (entry.isDirectory() ? 0o2050 : 0o040));
  if (!entry.isDirectory()) return;
  for (const name of await readdir(path)) await share(join(path, name), gid);
}

/** Lets every user pass (not list) the folder above a tree, as git must that writes it as another user. */
export async function letPass(directory: string): Promise<void> {
  const parent = dirname(directory);
  const { mode } = await stat(parent);
  if ((mode & 0o011) !== 0o011) await chmod(parent, (mode & 0o7777) | 0o011);
}
