import { createHash } from 'node:crypto';
import { pipeline, Transform, type Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import type { BackupFile } from '@redcontrol/contract';
import { sealStream } from './sealing/seal-stream.ts';
import type { BackupStorage } from './storage/backup-storage.ts';

export interface FileToStore {
  folder: string;
  name: string;
  compress: boolean;
  source: Readable;
  recipient: string;
  /** Told as it grows. */
  onBytes: (bytes: number) => void;
  signal?: AbortSignal | undefined;
}

/** Compresses, encrypts and stores a stream; answers what has to be known to find a changed byte later. */
export async function storeFile(storage: BackupStorage, file: FileToStore): Promise<Pick<BackupFile, 'name' | 'bytes' | 'sha256'>> {
  const name = `${file.name}${file.compress ? '.zst' : ''}.age`;
  const plain = file.compress ? pipeline(file.source, createZstdCompress(), ignored) : file.source;
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      file.onBytes(bytes);
      done(null, chunk);
    },
  });
  pipeline(await sealStream(plain, file.recipient), meter, ignored);
  await storage.write(`${file.folder}/${name}`, meter, file.signal);
  return { name, bytes, sha256: hash.digest('hex') };
}

/** What goes wrong in a pipeline is heard at its end, by whoever reads. */
function ignored(): void {}
