import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { RedControlError } from '@redcontrol/contract';
import { digestStream, openSealed } from '../backup/index.ts';
import { archiveManifest, isStateName, manifestName, stateFiles, storeName, type ArchiveManifest } from './archive-format.ts';

/**
 * Opens an archive and puts what it says into an empty folder, each file compared with its checksum. Throws BACKUP_CORRUPT at the first byte that is
 * not as it was written, for another key, and for what is missing or too much.
 */
export async function unpackArchive(sealed: Readable, identity: string, directory: string): Promise<ArchiveManifest> {
  const plain = await openSealed(sealed, identity);
  const archive = extract();
  const piped = pipeline(plain, archive);
  piped.catch(() => {});
  let manifest: ArchiveManifest | undefined;
  const rest = new Map<string, { bytes: number; sha256: string }>();
  try {
    for await (const entry of archive) {
      const { name } = entry.header;
      if (!manifest) {
        manifest = readManifest(name === manifestName ? await buffer(Readable.from(entry, { objectMode: false })) : Buffer.alloc(0));
        for (const { name: file, ...digest } of manifest.files) rest.set(file, digest);
        continue;
      }
      const expected = rest.get(name);
      if (!expected || !isStateName(name)) throw corrupt(`a file that belongs there, got ${JSON.stringify(name)}`);
      rest.delete(name);
      if ((await keep(Readable.from(entry, { objectMode: false }), join(directory, name))) !== expected.sha256) throw corrupt(`${name} as it was written, got other content`);
    }
    await piped;
  } catch (thrown) {
    throw thrown instanceof RedControlError ? thrown : corrupt(`a whole archive, got: ${(thrown as Error).message}`, thrown);
  }
  if (!manifest || rest.size > 0) throw corrupt(`all files, missing: ${[...rest.keys()].join(', ') || 'everything'}`);
  for (const name of [storeName, ...stateFiles]) if (!manifest.files.some((file) => file.name === name)) throw corrupt(`the file ${name}, got none`);
  return manifest;
}

async function keep(entry: Readable, path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const read = digestStream();
  await pipeline(entry, read.stream, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
  return read.digest().sha256;
}

function readManifest(content: Buffer): ArchiveManifest {
  try {
    return archiveManifest.parse(JSON.parse(content.toString('utf8')));
  } catch (cause) {
    throw corrupt('the state of a server, got another archive', cause);
  }
}

function corrupt(expected: string, cause?: unknown): RedControlError {
  return new RedControlError('BACKUP_CORRUPT', `Expected ${expected}`, { cause, hint: 'Nothing was changed. Take another file, or the key that belongs to it.' });
}
