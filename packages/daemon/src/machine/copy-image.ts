import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { askEngine, imageExists, type Engine } from '../engine/index.ts';
import { saveImages } from './save-images.ts';

/** Brings an image from one engine to another, where it has the same id then. Nothing is sent when it is there. */
export async function copyImage(from: Engine, to: Engine, reference: string, signal?: AbortSignal): Promise<void> {
  const id = await imageExists(from, reference);
  if (id === undefined) throw new RedControlError('NOT_FOUND', `Expected the image ${reference} on ${from.name}, it is not there`);
  if ((await imageExists(to, reference)) === id) return;
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-image-'));
  const file = join(folder, `${randomUUID()}.tar`);
  try {
    await saveImages(from, [reference], file, signal);
    const answer = await askEngine(to, `load the image ${reference}`, () => to.docker.loadImage(createReadStream(file), { quiet: true }));
    for await (const chunk of answer) void chunk;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if ((await imageExists(to, reference)) !== id) throw new RedControlError('ENGINE_UNAVAILABLE', `Expected ${to.name} to take the image ${reference}, it did not`);
}
