import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { RedControlError } from '@redcontrol/contract';
import { keyBytes } from './open-key-file.ts';

/*
 * A sealed value: magic and version (3 bytes "RC" 0x01), key mark (4 bytes), nonce (12 bytes), ciphertext, tag (16 bytes).
 * AES-256-GCM; everything before the nonce and the context are authenticated with it.
 * Random 96-bit nonces are safe for 2^32 values of one key (NIST SP 800-38D, 8.3).
 */
const header = Buffer.from([0x52, 0x43, 0x01]);
const markBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const overheadBytes = header.length + markBytes + nonceBytes + tagBytes;

/** What a sealed value belongs to; in another place it cannot be opened. */
export interface SealPlace {
  project: string;
  environment: string;
  name: string;
}

/** A place as a context for seal and unseal: no two places give the same text, whatever their names hold. */
export function sealContext({ project, environment, name }: SealPlace): string {
  return JSON.stringify([project, environment, name]);
}

/** Encrypts a value so that only the same key and the same context open it. The same value gives other bytes each time. */
export function seal(key: Buffer, plaintext: string | Uint8Array, context: string): Buffer {
  assertKey(key);
  const prefix = Buffer.concat([header, markOf(key)]);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.concat([prefix, Buffer.from(context)]));
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext) : plaintext;
  return Buffer.concat([prefix, nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The value behind a sealed one. Throws SECRET_UNREADABLE, saying which: not a sealed value, a newer format,
 * sealed with another key, or changed or moved from another place.
 */
export function unseal(key: Buffer, sealed: Uint8Array, context: string): Buffer {
  assertKey(key);
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < overheadBytes || !bytes.subarray(0, 2).equals(header.subarray(0, 2))) {
    throw unreadable('a sealed value', 'other bytes', 'The stored value is damaged. Set the secret anew.');
  }
  if (bytes[2] !== header[2]) {
    throw unreadable(`sealing format ${header[2]}`, `format ${bytes[2]}`, 'It was written by a newer RedControl. Upgrade this server.');
  }
  const prefix = bytes.subarray(0, header.length + markBytes);
  if (!prefix.subarray(header.length).equals(markOf(key))) {
    throw unreadable("a value sealed with this server's key", 'one of another key', 'Put the key file back that belongs to this database, or set the secret anew.');
  }
  const nonce = bytes.subarray(prefix.length, prefix.length + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.concat([prefix, Buffer.from(context)]));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(prefix.length + nonceBytes, -tagBytes)), decipher.final()]);
  } catch (cause) {
    throw unreadable(`the value of ${context}`, 'one that was changed or belongs to another place', 'Set the secret anew.', cause);
  }
}

/** Tells keys apart without telling anything about them. */
function markOf(key: Buffer): Buffer {
  return createHash('sha256').update('redcontrol key mark').update(key).digest().subarray(0, markBytes);
}

function assertKey(key: Buffer): void {
  if (key.length !== keyBytes) throw new RangeError(`Expected a key of ${keyBytes} bytes, got ${key.length}`);
}

function unreadable(expected: string, got: string, hint: string, cause?: unknown): RedControlError {
  return new RedControlError('SECRET_UNREADABLE', `Expected ${expected}, got ${got}`, { hint, cause });
}
