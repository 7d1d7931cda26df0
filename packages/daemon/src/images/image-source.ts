import { join } from 'node:path';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import type { Engine } from '../engine/index.ts';
import { mirroredReference } from './hub/mirrored-reference.ts';

export type ImageSource = 'hub' | 'debian';

export interface SourceOptions {
  source: 'auto' | ImageSource;
  mirror?: string;
  workDirectory: string;
}

const probeTimeoutMs = 5_000;
const rememberedMs = 24 * 3_600_000;

interface Remembered {
  source: ImageSource;
  mirror: string | null;
  decidedAtMs: number;
}

/**
 * Which source images come from. `auto` asks the engine once whether Docker Hub (or its mirror) answers, for at most
 * 5 s, and remembers the answer for a day in the work directory; `say` is told when it was found out anew.
 */
export function imageSource(engine: Engine, options: SourceOptions): (say: (line: string) => void) => Promise<ImageSource> {
  let deciding: Promise<ImageSource> | undefined;
  return (say) => {
    if (options.source !== 'auto') return Promise.resolve(options.source);
    deciding ??= decide(engine, options, say).catch((error: unknown) => {
      deciding = undefined;
      throw error;
    });
    return deciding;
  };
}

async function decide(engine: Engine, options: SourceOptions, say: (line: string) => void): Promise<ImageSource> {
  const file = join(options.workDirectory, 'image-source.json');
  const mirror = options.mirror ?? null;
  const remembered = parse(await readIfExists(file));
  if (remembered && remembered.mirror === mirror && Date.now() - remembered.decidedAtMs < rememberedMs) return remembered.source;
  const source = (await hubAnswers(engine, options.mirror)) ? 'hub' : 'debian';
  const place = options.mirror === undefined ? 'Docker Hub' : `The mirror ${options.mirror}`;
  say(source === 'hub' ? `${place} answers: images come from there` : `${place} does not answer: images are made from Debian's packages`);
  await writeFileAtomic(file, JSON.stringify({ source, mirror, decidedAtMs: Date.now() } satisfies Remembered));
  return source;
}

/** The engine itself asks: it knows the proxies and certificates that a pull would use. */
async function hubAnswers(engine: Engine, mirror: string | undefined): Promise<boolean> {
  const probe = mirroredReference('debian:bookworm-slim', mirror);
  try {
    await engine.docker.getImage(probe).distribution({ abortSignal: AbortSignal.timeout(probeTimeoutMs) });
    return true;
  } catch (thrown) {
    // A refusal for too many requests still comes from a registry that answers.
    return /toomanyrequests/i.test(String((thrown as Error).message));
  }
}

function parse(text: string | undefined): Remembered | undefined {
  if (text === undefined) return undefined;
  try {
    const read = JSON.parse(text) as Partial<Remembered>;
    const isWhole = (read.source === 'hub' || read.source === 'debian') && typeof read.decidedAtMs === 'number' && read.mirror !== undefined;
    return isWhole ? (read as Remembered) : undefined;
  } catch {
    return undefined;
  }
}
