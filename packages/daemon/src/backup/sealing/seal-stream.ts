import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { RedControlError } from '@redcontrol/contract';
import { loadAge } from './load-age.ts';

/** A stream encrypted as the program `age` does it (age-encryption.org/v1): what comes out can be opened with that program. */
export async function sealStream(plain: Readable, recipient: string): Promise<Readable> {
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return Readable.fromWeb((await encrypter.encrypt(toWeb(plain))) as ReadableStream);
}

/** What was encrypted. The stream fails with BACKUP_CORRUPT at the first changed or missing byte, or when the key is another. */
export async function openSealed(sealed: Readable, identity: string): Promise<Readable> {
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  try {
    const opened = Readable.fromWeb((await decrypter.decrypt(toWeb(sealed))) as ReadableStream);
    return Readable.from(guarded(opened), { objectMode: false, highWaterMark: 256 * 1024 });
  } catch (cause) {
    sealed.destroy();
    throw corrupt(cause);
  }
}

async function* guarded(opened: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of opened) yield Buffer.from(chunk as Uint8Array);
  } catch (cause) {
    throw cause instanceof RedControlError ? cause : corrupt(cause);
  }
}

function toWeb(stream: Readable): globalThis.ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as unknown as globalThis.ReadableStream<Uint8Array>;
}

function corrupt(cause: unknown): RedControlError {
  return new RedControlError('BACKUP_CORRUPT', `Expected a whole file encrypted with this server's key, got: ${(cause as Error).message}`, {
    cause, hint: 'Nothing was changed. Take another backup: redcontrol backup list.',
  });
}
