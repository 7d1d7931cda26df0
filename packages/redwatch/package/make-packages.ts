import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rm } from 'node:fs/promises';
import { bundle } from '../../../scripts/bundle.ts';
import { makeDebianPackage } from './debian-package.ts';
import { makeNpmPackage } from './npm-package.ts';

export interface RedwatchPackages {
  /** The tarball that `npx` and `npm install` take. */
  npm: string;
  /** Undefined where dpkg-deb is missing. */
  debian: string | undefined;
}

/** Makes redwatch's packages into a folder: for npm, and for Debian with Node inside. */
export async function makePackages(folder: string): Promise<RedwatchPackages> {
  const programs = join(folder, 'programs');
  const redwatch = (await bundle(programs)).find(({ name }) => name === 'redwatch');
  if (!redwatch) throw new Error('Expected a bundle of redwatch, got none');
  const packages = { npm: await makeNpmPackage(redwatch.path, folder), debian: await makeDebianPackage(redwatch.path, folder) };
  await rm(programs, { recursive: true });
  return packages;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { npm, debian } = await makePackages(join(import.meta.dirname, '../../../dist/packages'));
  process.stdout.write(`${npm}\n${debian ?? 'No Debian package: dpkg-deb is missing here.'}\n`);
}
