import { chmod, copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '../../../scripts/bundle.ts';
import { buildPage } from '../test/build-page.ts';

/** Everything that the native window starts, in one folder: `dist/desktop` holds Node, the programs and the page. */
const desktop = join(import.meta.dirname, '..');
const folder = join(desktop, '..', '..', 'dist', 'desktop');

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await buildPage();
await bundle(folder);
await cp(join(desktop, 'dist'), join(folder, 'page'), { recursive: true });
const node = join(folder, process.platform === 'win32' ? 'node.exe' : 'node');
await copyFile(process.execPath, node);
await chmod(node, 0o755);
process.stdout.write(`${folder}\n`);
