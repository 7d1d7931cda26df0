import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { digestStream, sealStream } from '../backup/index.ts';
import type { DaemonContext } from '../context.ts';
import { isStateName, manifestName, stateFiles, stateFolders, storeName, type ArchiveManifest } from './archive-format.ts';

export interface MadeArchive {
  path: string;
  bytes: number;
  /** Of the encrypted file, hex. */
  sha256: string;
  dispose(): Promise<void>;
}

/** Writes the server's own state into one file that the key of its backups opens: the store as of one moment, keys, certificates, deploy keys. Throws DISK_FULL. */
export async function makeArchive(daemon: DaemonContext, daemonVersion: string): Promise<MadeArchive> {
  const { dataDirectory } = daemon.options;
  const parent = join(dataDirectory, 'tmp');
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'server-backup-'));
  const dispose = () => rm(directory, { recursive: true, force: true });
  try {
    const store = join(directory, storeName);
    daemon.store.copyTo(store);
    const sources = [{ name: storeName, path: store }, ...(await listStateFiles(dataDirectory))];
    const files: ArchiveManifest['files'] = [];
    for (const { name, path } of sources) files.push({ name, ...(await digest(path)) });
    const manifest: ArchiveManifest = { format: 1, daemonVersion, hostname: hostname(), createdAt: daemon.clock.now(), files };
    const sealed = join(directory, 'state.tar.age');
    const made = await writeSealed(daemon, sealed, packAll(manifest, sources));
    await rm(store);
    return { path: sealed, ...made, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function listStateFiles(dataDirectory: string): Promise<{ name: string; path: string }[]> {
  const found: { name: string; path: string }[] = stateFiles.map((name) => ({ name, path: join(dataDirectory, name) }));
  for (const folder of stateFolders) {
    const entries = await readdir(join(dataDirectory, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) if (entry.isFile() && isStateName(`${folder}/${entry.name}`)) found.push({ name: `${folder}/${entry.name}`, path: join(dataDirectory, folder, entry.name) });
  }
  return found;
}

async function digest(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** A file that changes between its checksum and here makes the archive one that is refused; it is made again then. */
function packAll(manifest: ArchiveManifest, sources: readonly { name: string; path: string }[]): Readable {
  const archive = pack();
  const output = new PassThrough();
  archive.pipe(output);
  archive.on('error', (error) => output.destroy(error));
  void (async () => {
    const text = Buffer.from(JSON.stringify(manifest));
    archive.entry({ name: manifestName, size: text.length }, text);
    for (const [index, { name, path }] of sources.entries()) await addFile(archive, name, path, manifest.files[index]!.bytes);
    archive.finalize();
  })().catch((error: unknown) => archive.destroy(error as Error));
  return output;
}

async function addFile(archive: Pack, name: string, path: string, bytes: number): Promise<void> {
  const entry = archive.entry({ name, size: bytes, mode: 0o600 });
  await pipeline(bytes === 0 ? Readable.from([]) : createReadStream(path, { end: bytes - 1 }), entry);
}

async function writeSealed(daemon: DaemonContext, path: string, plain: Readable): Promise<{ bytes: number; sha256: string }> {
  const sealed = digestStream();
  await pipeline(await sealStream(plain, daemon.backupKey.recipient), sealed.stream, createWriteStream(path, { mode: 0o600 }));
  return sealed.digest();
}
