import { hostname } from 'node:os';
import { rename, rm } from 'node:fs/promises';
import { readIfExists, runOrThrow } from '@redcontrol/system';
import { keyPaths, type Git } from './git.ts';
import { plainLine } from './plain-line.ts';

/**
 * The project's deploy key, made at the first call: ed25519, no passphrase, private half 0600.
 * Answers the public line to be added to the repository.
 */
export function ensureDeployKey(git: Git, project: string): Promise<string> {
  const paths = keyPaths(git, project);
  return git.mirrorTurns.take(`key ${project}`, async () => {
    const made = await readIfExists(paths.publicKey);
    if (made?.trim()) return made.trim();
    const temporary = `${paths.privateKey}.new`;
    await Promise.all([rm(temporary, { force: true }), rm(`${temporary}.pub`, { force: true })]);
    const comment = plainLine(`redcontrol ${project}@${hostname()}`, 100);
    await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', temporary], { timeoutMs: 30_000 });
    // The public half comes last: where it is, the private half is whole.
    await rename(temporary, paths.privateKey);
    await rename(`${temporary}.pub`, paths.publicKey);
    return ((await readIfExists(paths.publicKey)) ?? '').trim();
  });
}
