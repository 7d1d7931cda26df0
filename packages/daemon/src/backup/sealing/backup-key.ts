import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import { loadAge } from './load-age.ts';

/** The pair that backups of this server are encrypted with, in the form of the program `age`. */
export interface BackupKey {
  /** AGE-SECRET-KEY-1…: opens them. */
  identity: string;
  /** age1…: encrypts. */
  recipient: string;
  path: string;
}

/**
 * Reads the key file, or makes it at the first backup, mode 0600. It has the form that `age --identity` takes.
 * Throws SECRET_KEY_REFUSED when others could read it or when it holds no identity.
 */
export async function openBackupKey(path: string): Promise<BackupKey> {
  const text = (await readIfExists(path)) ?? (await makeKey(path));
  const identity = /^AGE-SECRET-KEY-1[0-9A-Z]+$/m.exec(text)?.[0];
  if (!identity) throw refused(path, 'a line AGE-SECRET-KEY-1…', 'none');
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw refused(path, 'mode 0600', `mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`);
  const { identityToRecipient } = await loadAge();
  return { identity, recipient: await identityToRecipient(identity), path };
}

async function makeKey(path: string): Promise<string> {
  const { generateX25519Identity, identityToRecipient } = await loadAge();
  const identity = await generateX25519Identity();
  const text = `# Opens the backups of this server: age --decrypt --identity THIS-FILE FILE.age\n# public key: ${await identityToRecipient(identity)}\n${identity}\n`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomic(path, text, 0o600);
  return text;
}

function refused(path: string, expected: string, got: string): RedControlError {
  return new RedControlError('SECRET_KEY_REFUSED', `Expected the key of the backups ${path} to have ${expected}, got ${got}`, { hint: 'Put the file back from where you keep it; without it the backups made so far cannot be opened.' });
}
