import { writeFile } from 'node:fs/promises';
import { RedControlError } from '@redcontrol/contract';
import npmFetch from 'npm-registry-fetch';
import { compareVersions, isVersion } from '../compare-versions.ts';

interface Packument {
  versions: Record<string, { version: string; dist: { tarball: string; integrity?: string } } | undefined>;
}

const fetchTimeoutMs = 5 * 60_000;

/**
 * Fetches the newest version of a package that begins with `version` (`22`, `22.14`, or an exact one) into a file, from
 * the registry that npm_config_registry names or npm's own default, and returns which version it was.
 * Throws IMAGE_UNAVAILABLE when there is none, the registry does not answer or the file is not the one that it announced.
 */
export async function fetchNpmPackage(name: string, version: string, file: string, signal?: AbortSignal): Promise<string> {
  const options = registryOptions(signal);
  const packument = await ask(name, () => npmFetch.json(`/${name}`, { ...options, headers: { accept: 'application/vnd.npm.install-v1+json' } }) as unknown as Promise<Packument>);
  const found = newestOf(packument, version);
  if (!found) throw noSuchVersion(name, version, packument);
  // npm-registry-fetch checks the integrity as the bytes come; only SHA-512 is good enough for a program that everybody runs.
  const integrity = found.dist.integrity?.split(/\s+/).find((each) => each.startsWith('sha512-'));
  if (integrity === undefined) throw new RedControlError('IMAGE_UNAVAILABLE', `Expected a SHA-512 checksum of ${name} ${found.version} from the registry, got none`);
  const body = await ask(name, async () => {
    const response = await npmFetch(found.dist.tarball, { ...options, integrity });
    return Buffer.from(await response.arrayBuffer());
  });
  await writeFile(file, body);
  return found.version;
}

function registryOptions(signal?: AbortSignal): npmFetch.Options & { signal?: AbortSignal } {
  const registry = process.env['npm_config_registry'];
  return { ...(registry ? { registry } : {}), timeout: fetchTimeoutMs, ...(signal ? { signal } : {}) };
}

function newestOf(packument: Packument, version: string) {
  const names = Object.keys(packument.versions).filter((each) => isVersion(each) && (each === version || each.startsWith(`${version}.`)));
  const newest = names.sort(compareVersions).at(-1);
  return newest === undefined ? undefined : packument.versions[newest];
}

async function ask<T>(name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if ((cause as Error).name === 'AbortError') throw new RedControlError('CANCELLED', `Fetching ${name} was cancelled`);
    throw new RedControlError('IMAGE_UNAVAILABLE', `Expected the npm registry to give ${name}, got: ${(cause as Error).message}`, {
      cause,
      hint: 'See that the server reaches the npm registry; npm_config_registry names another one.',
    });
  }
}

function noSuchVersion(name: string, version: string, packument: Packument): RedControlError {
  const majors = new Set(Object.keys(packument.versions).filter(isVersion).sort(compareVersions).reverse().map((each) => each.split('.')[0]));
  return new RedControlError('IMAGE_UNAVAILABLE', `Expected version ${version} of ${name} in the npm registry, got none`, {
    hint: `There is ${[...majors].slice(0, 12).join(', ')}.`,
  });
}
