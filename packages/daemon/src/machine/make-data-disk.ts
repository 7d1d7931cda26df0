import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RedControlError } from '@redcontrol/contract';
import { killTree, runOrThrow, spawnProcess } from '@redcontrol/system';
import { openEngine, type Engine } from '../engine/index.ts';
import { saveImages } from './save-images.ts';

/** What of an engine's folder its images are; all else belongs to the engine that made it. */
const imageFolders = new Set(['image', 'overlay2']);
const startTimeoutMs = 60_000;
const stopTimeoutMs = 60_000;

/** Saves images of an engine and makes a disk of them, in a folder of a machine. */
export async function makeDataDiskOf(options: { source: Engine; references: readonly string[]; directory: string; bytes: number; signal?: AbortSignal }): Promise<string> {
  const { source, references, directory, bytes, signal } = options;
  const archive = join(directory, 'images.tar');
  const disk = join(directory, 'data.img');
  try {
    await saveImages(source, references, archive, signal);
    await makeDataDisk({ archive, work: directory, disk, bytes, ...(signal ? { signal } : {}) });
    return disk;
  } finally {
    await rm(archive, { force: true });
  }
}

/**
 * A disk with images already in it, for the engine of a machine. They are unpacked here by an engine that exists for
 * this alone and runs nothing: in a machine, above all in one without KVM, it takes many times longer.
 * `archive` is what `docker save` writes, `work` a folder on a file system that overlay2 can use.
 */
export async function makeDataDisk(options: { archive: string; work: string; disk: string; bytes: number; signal?: AbortSignal }): Promise<void> {
  const { archive, work, disk, bytes, signal } = options;
  const data = join(work, 'engine-data');
  const run = await mkdtemp(join(tmpdir(), 'rce-'));
  await mkdir(data, { recursive: true });
  let said = '';
  const child = spawnProcess('nice', [
    // An engine without a bridge takes away the one that the server's engine has: it must not see the server's network.
    '-n', '10', 'unshare', '--net', '--', 'dockerd', '--data-root', data, '--exec-root', join(run, 'x'), '--pidfile', join(run, 'p'), '-H', `unix://${join(run, 's')}`,
    '--bridge=none', '--iptables=false', '--ip-masq=false', '--storage-driver=overlay2', '--containerd-namespace=redcontrol-load', '--containerd-plugins-namespace=redcontrol-load-plugins',
  ]);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2000)));
  try {
    const engine = openEngine({ name: 'loader', socketPath: join(run, 's') });
    const until = Date.now() + startTimeoutMs;
    while (!(await engine.docker.ping().then(() => true, () => false))) {
      signal?.throwIfAborted();
      if (Date.now() > until || child.exitCode !== null) throw new RedControlError('ENGINE_UNAVAILABLE', `Expected an engine to unpack images with, got: ${said.trim().slice(-500)}`);
      await delay(100);
    }
    for await (const chunk of await engine.docker.loadImage(createReadStream(archive), { quiet: true })) void chunk;
  } finally {
    killTree(child, 'SIGTERM');
    await Promise.race([ended, delay(stopTimeoutMs).then(() => killTree(child))]);
    await ended;
    await rm(run, { recursive: true, force: true });
  }
  signal?.throwIfAborted();
  for (const name of await readdir(data)) if (!imageFolders.has(name)) await rm(join(data, name), { recursive: true, force: true });
  await writeFile(disk, '', { mode: 0o644 });
  await truncate(disk, bytes);
  await runOrThrow('mke2fs', ['-q', '-t', 'ext4', '-m', '0', '-J', 'size=32', '-L', 'data', '-E', 'lazy_itable_init=1,nodiscard,root_owner=0:0', '-d', data, disk], signal ? { signal } : {});
  await rm(data, { recursive: true, force: true });
}
