import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RedControlError } from '@redcontrol/contract';
import { extract, pack } from 'tar-stream';
import { askEngine, imageExists, type Engine } from '../engine/index.ts';
import { saveImages } from './save-images.ts';
import { machineOf, takeImage } from './take-image.ts';

/**
 * Brings an image from one engine to another, where it has the same id then. Nothing is sent when it is there, and of
 * a new image only the layers that the other does not have.
 */
export async function copyImage(from: Engine, to: Engine, reference: string, signal?: AbortSignal): Promise<void> {
  const id = await imageExists(from, reference);
  if (id === undefined) throw new RedControlError('NOT_FOUND', `Expected the image ${reference} on ${from.name}, it is not there`);
  if ((await imageExists(to, reference)) === id) return;
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-image-'));
  const reduced = join(folder, 'reduced.tar');
  try {
    const leftOut = commonLayers(await layersOf(from, id), await allLayers(to));
    await writeArchive(from, { reference, id, leftOut, file: reduced, ...(signal ? { signal } : {}) });
    const answer = await askEngine(to, `load the image ${reference}`, () => to.docker.loadImage(createReadStream(reduced), { quiet: true }));
    for await (const chunk of answer) void chunk;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if ((await imageExists(to, reference)) !== id) throw new RedControlError('ENGINE_UNAVAILABLE', `Expected ${to.name} to take the image ${reference}, it did not`);
}

async function writeArchive(from: Engine, options: { reference: string; id: string; leftOut: number; file: string; signal?: AbortSignal }): Promise<void> {
  const { reference, id, leftOut, file, signal } = options;
  const machine = reference === id ? machineOf(from) : undefined;
  // Where the machine cannot do it by itself, its engine can.
  const isTaken = machine && (await takeImage(machine, { id, leftOut, file, ...(signal ? { signal } : {}) }).then(() => true, () => false));
  if (isTaken) return;
  signal?.throwIfAborted();
  const whole = `${file}.whole`;
  await saveImages(from, [reference], whole, signal);
  await leaveOutLayers(whole, file, leftOut);
}

/** How many of an image's lowest layers another engine has in the same order, and so need not get. Pure. */
export function commonLayers(layers: readonly string[], others: readonly (readonly string[])[]): number {
  const common = others.map((other) => {
    const different = layers.findIndex((layer, index) => other[index] !== layer);
    return different < 0 ? layers.length : different;
  });
  return Math.max(0, ...common);
}

async function allLayers(engine: Engine): Promise<string[][]> {
  const images = await askEngine(engine, 'list images', () => engine.docker.listImages());
  return Promise.all(images.map((image) => layersOf(engine, image.Id)));
}

async function layersOf(engine: Engine, id: string): Promise<string[]> {
  return askEngine(engine, `look at the image ${id}`, async () => (await engine.docker.getImage(id).inspect()).RootFS.Layers ?? []);
}

/** The engine opens the file of a layer only when it does not have it: an archive without those is complete for it. */
async function leaveOutLayers(whole: string, reduced: string, count: number): Promise<void> {
  const files = await layerFiles(whole);
  const kept = new Set(files.slice(count));
  const left = new Set(files.slice(0, count).filter((file) => !kept.has(file)));
  const reader = extract();
  const archive = pack();
  const written = pipeline(archive, createWriteStream(reduced, { mode: 0o600 }));
  createReadStream(whole).pipe(reader);
  for await (const entry of reader) {
    if (left.has(entry.header.name)) {
      entry.resume();
      continue;
    }
    await pipeline(entry, archive.entry(entry.header));
  }
  archive.finalize();
  await written;
}

/** Names of the layers' files in an archive of one image, the lowest first. */
async function layerFiles(archive: string): Promise<string[]> {
  const reader = extract();
  const source = createReadStream(archive);
  source.pipe(reader);
  try {
    for await (const entry of reader) {
      if (entry.header.name !== 'manifest.json') {
        entry.resume();
        continue;
      }
      let text = '';
      for await (const chunk of entry) text += String(chunk);
      return (JSON.parse(text) as { Layers: string[] }[])[0]?.Layers ?? [];
    }
    return [];
  } finally {
    source.destroy();
  }
}
