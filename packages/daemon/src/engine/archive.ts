import { Readable } from 'node:stream';
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
