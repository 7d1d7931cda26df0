import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';

const desktop = join(import.meta.dirname, '..');
/** The page shows their causes and remedies. */
const errorPages = ['errors.md', join('ru', 'errors.md')].map((name) => join(desktop, '..', '..', 'docs', name));

/** Builds the page unless the built one is newer than all that it is made of. */
export async function buildPage(): Promise<void> {
  const built = await changedAt(join(desktop, 'dist', 'index.html'));
  const sources = [join(desktop, 'index.html'), join(desktop, 'vite.config.ts'), ...(await filesIn(join(desktop, 'src'))), ...(await filesIn(join(desktop, '..', 'contract', 'src'))), ...errorPages];
  const newest = Math.max(...(await Promise.all(sources.map(changedAt))));
  if (built > newest) return;
  await runOrThrow(process.execPath, [join(desktop, '..', '..', 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn'], { cwd: desktop, timeoutMs: 180_000 });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function changedAt(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
}
