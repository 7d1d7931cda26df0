import { createHash } from 'node:crypto';
import { RedControlError } from '@redcontrol/contract';

/** The two words of a public key that mean something: its type and its base64. */
export interface PublicKey {
  type: string;
  base64: string;
}

const knownTypes = new Set([
  'ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com',
]);

/** A key's fingerprint as OpenSSH prints it: `SHA256:` and base64 without padding. Throws CONFIG_INVALID for what is no key. */
export function fingerprintOf(key: string): string {
  const { base64 } = parsePublicKey(key);
  const hash = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64');
  return `SHA256:${hash.replace(/=+$/, '')}`;
}

/**
 * Takes a public key apart and checks that its base64 is one whole key of the type in front of it
 * (RFC 4253, 6.6: a length, then the type's name), so that sshd and we mean the same key. Comments are dropped.
 */
export function parsePublicKey(key: string): PublicKey {
  const [type = '', base64 = ''] = key.trim().split(/[ \t]+/, 2);
  const blob = Buffer.from(base64, 'base64');
  const canonical = /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && blob.toString('base64') === base64;
  if (!knownTypes.has(type) || !canonical || blob.length < 36 || innerType(blob) !== type) {
    throw new RedControlError('CONFIG_INVALID', `Expected a public SSH key, got ${JSON.stringify(key.slice(0, 60))}`, {
      hint: 'Give the line of a .pub file, e.g. ~/.ssh/id_ed25519.pub.',
    });
  }
  return { type, base64 };
}

function innerType(blob: Buffer): string | undefined {
  const length = blob.readUInt32BE(0);
  return length > 64 || blob.length < 4 + length ? undefined : blob.toString('latin1', 4, 4 + length);
}
