import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RedControlError } from '@redcontrol/contract';
import registryUrl from 'registry-url';
import { compareVersions, isVersion } from '../compare-versions.ts';

interface Packument {
  versions: Record<string, { version: string; dist: { tarball: string; integrity?: string } } | undefined>;
}

const fetchTimeoutMs = 5 * 60_000;
const tries = 3;

/**
 * Fetches the newest version of a package that begins with `version` (`22`, `22.14`, or an exact one) into a file, from
 * the registry that npm_config_registry names or npm's own default, and returns which version it was.
 * Throws IMAGE_UNAVAILABLE when there is none, the registry does not answer or the file is not the one that it announced
 * (then there is no file), CANCELLED.
 */
export async function fetchNpmPackage(name: string, version: string, file: string, signal?: AbortSignal): Promise<string> {
  const packument = await tried(name, signal, async (limit) => (await get(new URL(name, registryUrl()), limit)).json() as Promise<Packument>);
  const found = newestOf(packument, version);
  if (!found) throw noSuchVersion(name, version, packument);
  // Only SHA-512 is good enough for a program that everybody runs.
  const announced = found.dist.integrity?.split(/\s+/).find((each) => each.startsWith('sha512-'));
  if (announced === undefined) throw new RedControlError('IMAGE_UNAVAILABLE', `Expected a SHA-512 checksum of ${name} ${found.version} from the registry, got none`);
  const actual = await tried(name, signal, (limit) => download(new URL(found.dist.tarball), file, limit));
  if (actual === announced) return found.version;
  await rm(file);
  throw new RedControlError('IMAGE_UNAVAILABLE', `Expected ${name} ${found.version} with checksum ${announced}, got ${actual}`);
}

async function get(url: URL, signal: AbortSignal): Promise<Response> {
  // The short form of a package's description has all that is needed here.
  const response = await fetch(url, { signal, headers: { accept: 'application/vnd.npm.install-v1+json, application/json;q=0.8, */*;q=0.5' } });
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Error(`HTTP status ${response.status}`);
}

/** Writes a file and returns its checksum as registries write it. */
async function download(url: URL, file: string, signal: AbortSignal): Promise<string> {
  const { body } = await get(url, signal);
  if (!body) throw new Error('an answer without content');
  const hash = createHash('sha512');
  await pipeline(
    Readable.fromWeb(body),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
  );
  return `sha512-${hash.digest('base64')}`;
}

async function tried<T>(name: string, signal: AbortSignal | undefined, action: (limit: AbortSignal) => Promise<T>): Promise<T> {
  for (let left = tries - 1; ; left--) {
    try {
      return await action(AbortSignal.any([AbortSignal.timeout(fetchTimeoutMs), ...(signal ? [signal] : [])]));
    } catch (cause) {
      if (signal?.aborted) throw new RedControlError('CANCELLED', `Fetching ${name} was cancelled`);
      if (left === 0) throw unreachable(name, cause as Error);
    }
  }
}

function unreachable(name: string, cause: Error): RedControlError {
  const reason = cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
  return new RedControlError('IMAGE_UNAVAILABLE', `Expected the npm registry to give ${name}, got: ${reason}`, {
    cause,
    hint: 'See that the server reaches the npm registry; npm_config_registry names another one.',
  });
}

function newestOf(packument: Packument, version: string) {
  const names = Object.keys(packument.versions).filter((each) => isVersion(each) && (each === version || each.startsWith(`${version}.`)));
  const newest = names.sort(compareVersions).at(-1);
  return newest === undefined ? undefined : packument.versions[newest];
}

function noSuchVersion(name: string, version: string, packument: Packument): RedControlError {
  const majors = new Set(Object.keys(packument.versions).filter(isVersion).sort(compareVersions).reverse().map((each) => each.split('.')[0]));
  return new RedControlError('IMAGE_UNAVAILABLE', `Expected version ${version} of ${name} in the npm registry, got none`, {
    hint: `There is ${[...majors].slice(0, 12).join(', ')}.`,
  });
}
