import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { askEngine, type Engine } from '../engine/index.ts';

/** Writes images of an engine, by reference or id, into one archive: padded to whole sectors, as a disk needs. */
export async function saveImages(engine: Engine, references: readonly string[], file: string, signal?: AbortSignal): Promise<void> {
  const stream = await askEngine(engine, 'read images', () => saveStream(engine, references));
  await pipeline(stream, createWriteStream(file, { mode: 0o600 }), signal ? { signal } : {});
}

function saveStream(engine: Engine, names: readonly string[]): Promise<Readable> {
  return new Promise((resolve, reject) => {
    engine.docker.modem.dial(
      { path: '/images/get?', options: { names }, method: 'GET', isStream: true, statusCodes: { 200: true, 404: 'no such image', 500: 'server error' } },
      (error: unknown, data: unknown) => (error ? reject(error instanceof Error ? error : new Error(String(error))) : resolve(data as Readable)),
    );
  });
}
