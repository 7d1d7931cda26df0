import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { about } from './about.ts';

/** Where the package puts the program and its Node: Debian 12 has only an older one. */
const home = 'usr/lib/redwatch';

/** Libraries that Node is linked with, by Debian's names; ssh and git are what redwatch calls. */
const depends = 'libc6 (>= 2.28), libstdc++6, libatomic1, openssh-client, git';

/** Makes the .deb with this Node inside. Gives its path; undefined where dpkg-deb is missing. */
export async function makeDebianPackage(program: string, folder: string): Promise<string | undefined> {
  const known = await runToEnd('dpkg', ['--print-architecture']).catch(() => undefined);
  if (known?.exitCode !== 0) return undefined;
  const architecture = known.stdout.trim();
  const root = join(folder, 'deb');
  await rm(root, { recursive: true, force: true });
  await stage(root, program);
  await put(root, 'DEBIAN/control', control(architecture, await kilobytesOf(root)));
  const path = join(folder, `${about.name}_${about.version}_${architecture}.deb`);
  // The lowest level of xz: somewhat larger, in a fraction of the time.
  await runOrThrow('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', root, path], { timeoutMs: 10 * 60_000 });
  await rm(root, { recursive: true });
  return path;
}

async function stage(root: string, program: string): Promise<void> {
  await mkdir(join(root, home), { recursive: true });
  await copyFile(program, join(root, home, 'redwatch.mjs'));
  await copyFile(process.execPath, join(root, home, 'node'));
  await chmod(join(root, home, 'node'), 0o755);
  await put(root, 'usr/bin/redwatch', `#!/bin/sh\nexec /${home}/node /${home}/redwatch.mjs "$@"\n`, 0o755);
  await put(root, 'usr/share/doc/redwatch/copyright', `${about.name} ${about.version}, licence ${about.license}. Node.js in /${home}/node is under its own licences: https://github.com/nodejs/node/blob/main/LICENSE\n`);
  // Desktops show its name and icon with notifications, which name this file.
  await put(root, 'usr/share/applications/redwatch.desktop', `[Desktop Entry]\nType=Application\nName=RedWatch\nComment=${about.description}\nExec=redwatch run\nIcon=redwatch\nNoDisplay=true\nTerminal=true\n`);
  const icon = 'usr/share/icons/hicolor/128x128/apps/redwatch.png';
  await mkdir(dirname(join(root, icon)), { recursive: true });
  await copyFile(join(import.meta.dirname, '../../desktop/shell/icons/128x128.png'), join(root, icon));
}

function control(architecture: string, kilobytes: number): string {
  return [
    `Package: ${about.name}`, `Version: ${about.version}`, `Architecture: ${architecture}`, 'Maintainer: RedControl <redcontrol@localhost>', 'Section: devel', 'Priority: optional',
    `Installed-Size: ${kilobytes}`, `Depends: ${depends}`, 'Recommends: notification-daemon', `Description: ${about.description}`,
    ' redwatch follows RedControl servers over SSH and tells of passed and failed runs', ' and of what went live. Begin with "redwatch connect".', '',
  ].join('\n');
}

async function put(root: string, path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content, { mode });
}

async function kilobytesOf(root: string): Promise<number> {
  const files = await readdir(root, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(files.filter((file) => file.isFile()).map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return Math.ceil(sizes.reduce((sum, size) => sum + size, 0) / 1024);
}
