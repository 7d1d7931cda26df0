import { mkdir, readdir } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { person, RedControlError, type PublicKey } from '@redcontrol/contract';
import { readIfExists, runOrThrow } from '@redcontrol/system';
import { fingerprintOf } from '@redcontrol/client/host-key';

const maxKeys = 200;

/** The public keys of this user, from ~/.ssh. */
export async function ownPublicKeys(folder = join(homedir(), '.ssh')): Promise<PublicKey[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.filter((name) => name.endsWith('.pub')).sort().slice(0, maxKeys).map(async (name) => {
    const text = (await readIfExists(join(folder, name)).catch(() => undefined)) ?? '';
    const key = keyOf(text.trim());
    return key ? [{ ...key, file: join(folder, name) }] : [];
  }));
  return found.flat();
}

/** Makes an Ed25519 key without a passphrase for this user. Throws CONFLICT where ~/.ssh has one already. */
export async function createOwnKey(folder = join(homedir(), '.ssh')): Promise<PublicKey> {
  const path = join(folder, 'id_ed25519');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).includes('id_ed25519')) throw new RedControlError('CONFLICT', `Expected no key at ${path} yet, got one`, { hint: 'Use that one, or ssh-add it to the agent when it has a passphrase.' });
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `${userInfo().username}@${hostname()}`, '-f', path], { timeoutMs: 30_000 });
  const created = (await ownPublicKeys(folder)).find(({ file }) => file === `${path}.pub`);
  if (created) return created;
  throw new RedControlError('COMMAND_FAILED', `Expected a public key in ${path}.pub, got none`);
}

/**
 * The public keys in a text as authorized_keys or a .pub file has it; options before a key are dropped.
 * Throws CONFIG_INVALID naming the first line that is no public key.
 */
export function publicKeysIn(text: string): PublicKey[] {
  if (/PRIVATE KEY/.test(text)) {
    throw new RedControlError('CONFIG_INVALID', 'Expected a public key, got a private one', { hint: 'Never give a private key away: paste the file that ends in .pub.' });
  }
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')).slice(0, maxKeys);
  if (lines.length === 0) throw new RedControlError('CONFIG_INVALID', 'Expected a public SSH key, got nothing');
  return lines.map((line, index) => {
    const key = keyOf(line);
    if (!key) throw new RedControlError('CONFIG_INVALID', `Expected a public SSH key such as "ssh-ed25519 AAAA…" in line ${index + 1}, got ${JSON.stringify(line.slice(0, 40))}`);
    return { ...key, file: null };
  });
}

function keyOf(line: string): Omit<PublicKey, 'file'> | undefined {
  const match = /(?:^|\s)((?:ssh-|ecdsa-|sk-)\S+) ([A-Za-z0-9+/]+={0,3})(?:\s+(.*))?$/.exec(line);
  if (!match) return undefined;
  const [, type = '', body = '', comment = ''] = match;
  const key = `${type} ${body}${comment ? ` ${comment}` : ''}`;
  // The body begins with the length and name of its own type: a cut or mixed-up key is told here, not by sshd later.
  const bytes = Buffer.from(body, 'base64');
  const named = bytes.length > 4 ? bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString('latin1') : '';
  if (named !== type || !person.shape.key.safeParse(key).success) return undefined;
  return { key, type, comment, fingerprint: fingerprintOf(body) };
}
