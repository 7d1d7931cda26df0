import { pipeline, type Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import type { BackupFile } from '@redcontrol/contract';
import { digestStream } from './sealing/digest-stream.ts';
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
  const sealed = digestStream(file.onBytes);
  pipeline(await sealStream(plain, file.recipient), sealed.stream, ignored);
  await storage.write(`${file.folder}/${name}`, sealed.stream, file.signal);
  return { name, ...sealed.digest() };
}

/** What goes wrong in a pipeline is heard at its end, by whoever reads. */
function ignored(): void {}
