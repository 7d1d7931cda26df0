import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { execInContainer, readEntry, type Engine } from '../engine/index.ts';
import { workUser } from '../context.ts';

/** What is fetched at most: the same bounds as those of reading reports. */
const maxReports = 500;
const maxTotalBytes = 128 * 1024 ** 2;
const maxListBytes = 1024 ** 2;
const findTimeoutMs = 60_000;

const findCommand = [
  'find', '.', '-xdev', '(', '-name', 'node_modules', '-o', '-name', '.git', '-o', '-name', 'vendor', '-o', '-name', '.venv', ')', '-prune', '-o', '-type', 'f', '-name', '*.xml', '-size', '-131072', '-print0',
];

/**
 * Copies the XML files of a container's tree into a folder of this server, with their times, for reports to be found in.
 * What runs in the container is not trusted: names stay inside the folder, only plain files come, and no more than the bounds.
 */
export async function fetchReports(options: { engine: Engine; container: string; tree: string; directory: string }): Promise<void> {
  const { engine, container, tree, directory } = options;
  const list: Buffer[] = [];
  let listed = 0;
  await execInContainer(engine, {
    container, command: findCommand, workingDir: tree, user: `${workUser.uid}:${workUser.gid}`, timeoutMs: findTimeoutMs,
    onOutput(chunk, stream) {
      if (stream === 'stderr' || listed > maxListBytes) return;
      listed += chunk.length;
      list.push(chunk);
    },
  });
  let bytesLeft = maxTotalBytes;
  for (const path of Buffer.concat(list).toString('utf8').split('\0').slice(0, maxReports)) {
    const inside = normalize(path);
    if (inside === '.' || inside.startsWith('..') || inside.startsWith('/')) continue;
    const file = await readEntry(engine, container, join(tree, inside), bytesLeft).catch(() => undefined);
    if (file?.header.type !== 'file') continue;
    bytesLeft -= file.content.length;
    const target = join(directory, inside);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, file.content, { flag: 'wx' });
    const changedAt = file.header.mtime ?? new Date(0);
    await utimes(target, changedAt, changedAt);
  }
}
