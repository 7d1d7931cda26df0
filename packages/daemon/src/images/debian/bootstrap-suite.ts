import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { runToEnd } from '@redcontrol/system';
import { imageExists, importImage, type Engine } from '../../engine/index.ts';
import { recipeHash } from '../recipe-hash.ts';
import { keyOptions, serverMirrors, sourceLines, type DebianMirrors } from './apt-sources.ts';
import type { DebianSuite } from './recipe.ts';

export interface BootstrapOptions {
  workDirectory: string;
  onOutput: (chunk: Buffer) => void;
  signal?: AbortSignal;
}

const bootstrapTimeoutMs = 15 * 60_000;

/** What nobody reads in a container takes a third of the space. Licences stay. */
const leaveOut = ['path-exclude=/usr/share/man/*', 'path-exclude=/usr/share/locale/*', 'path-exclude=/usr/share/doc/*', 'path-include=/usr/share/doc/*/copyright', 'path-exclude=/usr/share/info/*'];

/**
 * The smallest Debian of a suite as an image, made once by mmdebstrap from the server's mirrors; returns its reference.
 * Throws IMAGE_UNAVAILABLE when it cannot be made, CANCELLED.
 */
export async function bootstrapSuite(engine: Engine, suite: DebianSuite, options: BootstrapOptions): Promise<string> {
  const mirrors = await serverMirrors();
  const tag = `redcontrol/debian:${suite}-${recipeHash({ suite, leaveOut, mirrors })}`;
  if (await imageExists(engine, tag)) return tag;
  await mkdir(options.workDirectory, { recursive: true });
  const folder = await mkdtemp(join(options.workDirectory, 'bootstrap-'));
  try {
    options.onOutput(Buffer.from(`Making Debian ${suite} from its packages\n`));
    const file = join(folder, 'system.tar');
    await bootstrap({ suite, file, mirrors }, folder, options);
    await importImage(engine, file, tag, { labels: { role: 'image', name: `debian-${suite}` }, command: ['sh'], variables: { LANG: 'C.UTF-8' }, ...(options.signal ? { signal: options.signal } : {}) });
    return tag;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bootstrap {
  suite: DebianSuite;
  file: string;
  mirrors: DebianMirrors | undefined;
}

async function bootstrap(target: Bootstrap, folder: string, options: BootstrapOptions): Promise<void> {
  const sources = target.mirrors ? sourceLines(target.mirrors, target.suite) : [];
  // Nice: the server has production to serve meanwhile.
  const args = [
    '-n', '10', 'mmdebstrap', '--quiet', '--mode=root', '--variant=minbase', '--format=tar',
    ...leaveOut.map((each) => `--dpkgopt=${each}`), ...keyOptions(target.mirrors),
    '--', target.suite, target.file, ...sources,
  ];
  let tail = '';
  const result = await runToEnd('nice', args, {
    // The temporary root needs a file system that allows devices and programs, which /tmp often does not.
    variables: { TMPDIR: folder },
    timeoutMs: bootstrapTimeoutMs,
    maxOutputBytes: 0,
    ...(options.signal ? { signal: options.signal } : {}),
    onOutput(chunk) {
      tail = (tail + chunk.toString('utf8')).slice(-2000);
      options.onOutput(chunk);
    },
  });
  if (result.exitCode === 0) return;
  throw new RedControlError('IMAGE_UNAVAILABLE', `Expected mmdebstrap to make Debian ${target.suite}, got exit code ${result.exitCode}: ${tail.trim()}`, {
    hint: 'See that mmdebstrap and debian-archive-keyring are installed, and that the server reaches a Debian mirror.',
  });
}
