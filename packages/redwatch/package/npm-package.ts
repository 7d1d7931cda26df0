import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';
import { about } from './about.ts';

/** Packs the bundled program for npm: one file, and no other package is needed. Gives the tarball's path. */
export async function makeNpmPackage(program: string, folder: string): Promise<string> {
  const staged = join(folder, 'npm');
  await rm(staged, { recursive: true, force: true });
  await mkdir(staged, { recursive: true });
  await copyFile(program, join(staged, 'redwatch.mjs'));
  await copyFile(join(import.meta.dirname, '../../../docs/redwatch.md'), join(staged, 'README.md'));
  const { name, version, description, license } = about;
  const manifest = { name, version, description, license, type: 'module', bin: { redwatch: 'redwatch.mjs' }, engines: { node: '>=24' }, files: ['redwatch.mjs'] };
  await writeFile(join(staged, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await runOrThrow('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: staged, timeoutMs: 120_000 });
  await rm(staged, { recursive: true });
  return join(folder, `${name}-${version}.tgz`);
}
