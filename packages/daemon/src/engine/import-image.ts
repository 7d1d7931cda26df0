import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { RedControlError } from '@redcontrol/contract';
import { askEngine } from './engine-error.ts';
import { labelsOf, type Engine, type OwnerLabels } from './engine.ts';
import { readProgress } from './read-progress.ts';
import { splitReference } from './tag-image.ts';

export interface ImportOptions {
  labels: OwnerLabels;
  variables?: Record<string, string>;
  user?: string;
  workingDir?: string;
  entrypoint?: string[];
  command?: string[];
  exposedPorts?: number[];
  stopSignal?: string;
  signal?: AbortSignal;
}

/** Makes an image of one layer from a tar file of a file system and returns its id. */
export async function importImage(engine: Engine, source: AsyncIterable<unknown> | string, tag: string, options: ImportOptions): Promise<string> {
  const file = typeof source === 'string' ? createReadStream(source) : Readable.from(source);
  const { repository, tag: version } = splitReference(tag);
  return askEngine(engine, `import ${tag}`, async () => {
    const stream = (await engine.docker.importImage(file, {
      repo: repository,
      tag: version,
      changes: configChanges(engine, options),
      ...(options.signal ? { abortSignal: options.signal } : {}),
    })) as unknown as Readable;
    const id = await readProgress(stream, () => {});
    if (id === undefined || !id.startsWith('sha256:')) throw new RedControlError('INTERNAL', `Expected the id of ${tag}, got ${id}`);
    return id;
  });
}

/** The instructions that the engine's import takes; they are those of a Dockerfile. */
export function configChanges(engine: Engine, options: ImportOptions): string[] {
  return [
    ...Object.entries(labelsOf(engine, options.labels)).map(([key, value]) => `LABEL ${quote(key)}=${quote(value)}`),
    ...Object.entries(options.variables ?? {}).map(([key, value]) => `ENV ${key}=${quote(value)}`),
    ...(options.user === undefined ? [] : [`USER ${options.user}`]),
    ...(options.workingDir === undefined ? [] : [`WORKDIR ${options.workingDir}`]),
    ...(options.entrypoint === undefined ? [] : [`ENTRYPOINT ${JSON.stringify(options.entrypoint)}`]),
    ...(options.command === undefined ? [] : [`CMD ${JSON.stringify(options.command)}`]),
    ...(options.exposedPorts ?? []).map((port) => `EXPOSE ${port}`),
    ...(options.stopSignal === undefined ? [] : [`STOPSIGNAL ${options.stopSignal}`]),
  ];
}

/** A word of a Dockerfile in double quotes: what means something inside them is escaped. */
function quote(text: string): string {
  return `"${text.replace(/["\\$]/g, '\\$&')}"`;
}
