import { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** Unpacks a tar (a stream, or a `pack()` of tar-stream) in a folder of a container, running or not. Owners are those in the tar. Throws NOT_FOUND when the folder is missing. */
export async function putArchive(engine: Engine, container: string, path: string, tar: Buffer | AsyncIterable<unknown>): Promise<void> {
  const file = Buffer.isBuffer(tar) || tar instanceof Readable ? tar : Readable.from(tar);
  await askEngine(engine, `copy files to ${path} in the container ${container}`, () =>
    engine.docker.getContainer(container).putArchive(file, { path }),
  );
}

/** A file or folder of a container as a tar stream. Throws NOT_FOUND when there is none. */
export async function getArchive(engine: Engine, container: string, path: string): Promise<Readable> {
  return askEngine(engine, `read ${path} in the container ${container}`, async () =>
    (await engine.docker.getContainer(container).getArchive({ path })) as Readable,
  );
}

/** The file or folder at a path of a container: what the engine knows of it, and a file's content up to `maxBytes`; undefined where it is larger. */
export async function readEntry(engine: Engine, container: string, path: string, maxBytes: number): Promise<{ header: Header; content: Buffer } | undefined> {
  const archive = await getArchive(engine, container, path);
  const reader = extract();
  archive.on('error', (error: Error) => reader.destroy(error));
  archive.pipe(reader);
  try {
    for await (const entry of reader) {
      if ((entry.header.size ?? 0) > maxBytes) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      return { header: entry.header, content: Buffer.concat(chunks) };
    }
    return undefined;
  } finally {
    archive.destroy();
  }
}
