import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { openEngine, purgeInstance, type Engine } from '../src/engine/index.ts';
import { createImages, type Images } from '../src/images/index.ts';

/** Shared by all tests, so that what one of them had built is there for the next. */
export const testImagesFolder = join(tmpdir(), 'redcontrol-test-images');

/** The machine's engine with an instance of this test file's own; all that carries it is removed when the file's tests end. */
export function testEngine(name: string): Engine {
  const engine = openEngine({ instance: `test-${name}-${randomBytes(4).toString('hex')}` });
  after(() => purgeInstance(engine, { images: true }));
  return engine;
}

export function testImages(engine: Engine): Images {
  return createImages(engine, { source: 'debian', workDirectory: testImagesFolder });
}

/** Small image with a shell, Perl and coreutils. */
export function baseImage(engine: Engine): Promise<string> {
  return testImages(engine).ensure({ kind: 'base', slim: true });
}
