import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack, type Header, type Pack } from 'tar-stream';
import { workUser } from '../context.ts';
import { execInContainer, putArchive, type CommandRunner, type Engine } from '../engine/index.ts';

/** A folder of this server that a container on another engine is to have too. */
export interface TreeSender {
  /** Sends what is new or changed since the last time and removes what is gone; what the container itself made stays. */
  send(signal?: AbortSignal): Promise<void>;
}

interface Sent {
  kind: 'file' | 'directory' | 'link';
  /** Changes whenever the content may have. */
  stamp: string;
}

/** `target` is an absolute path in the container; the files belong to the work user there. */
export function createTreeSender(options: { engine: Engine; container: string; runner: CommandRunner | undefined; directory: string; target: string }): TreeSender {
  const { engine, container, runner, directory, target } = options;
  const asWorkUser = { container, runner, user: `${workUser.uid}:${workUser.gid}`, workingDir: target, onOutput: () => {} };
  let sent = new Map<string, Sent>();
  return {
    async send(signal) {
      const now = await listTree(directory);
      const gone = [...sent.keys()].filter((path) => now.get(path)?.kind !== sent.get(path)!.kind);
      const changed = [...now.keys()].filter((path) => sent.get(path)?.stamp !== now.get(path)!.stamp);
      if (gone.length > 0) {
        await execInContainer(engine, {
          ...asWorkUser, command: ['xargs', '-0', 'rm', '-rf', '--'], stdin: gone.join('\0'),
          ...(signal ? { signal } : {}),
        });
      }
      if (changed.length > 0) {
        const tree = { directory, target, paths: changed, kinds: now };
        const small = runner && (await collect(packTree(tree, signal)));
        const unpacked = small && (await execInContainer(engine, { ...asWorkUser, command: ['tar', '-xpf', '-', '-C', '/'], stdin: small, ...(signal ? { signal } : {}) }));
        if (unpacked?.exitCode !== 0) await putArchive(engine, container, '/', packTree(tree, signal));
      }
      sent = now;
    },
  };
}

/** What is larger goes by the engine: it takes a stream, the runner needs to know the length. */
const maxCollectedBytes = 8 * 1024 ** 2;

/** The whole archive, if it is small. */
async function collect(archive: Pack): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of archive as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxCollectedBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Everything below a folder by its path in it, parents first; links are not followed. */
async function listTree(directory: string): Promise<Map<string, Sent>> {
  const found = new Map<string, Sent>();
  const look = async (folder: string): Promise<void> => {
    const entries = await readdir(join(directory, folder), { withFileTypes: true });
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const stat = await lstat(join(directory, path), { bigint: true });
      if (entry.isDirectory()) {
        found.set(path, { kind: 'directory', stamp: String(stat.mode) });
        await look(path);
      } else if (entry.isFile() || entry.isSymbolicLink()) {
        found.set(path, { kind: entry.isFile() ? 'file' : 'link', stamp: `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.mode}` });
      }
    }
  };
  await look('');
  return found;
}

interface PackedTree {
  directory: string;
  target: string;
  paths: readonly string[];
  kinds: ReadonlyMap<string, Sent>;
}

function packTree(tree: PackedTree, signal: AbortSignal | undefined): Pack {
  const archive = pack();
  fill(archive, tree, signal).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return archive;
}

async function fill(archive: Pack, { directory, target, paths, kinds }: PackedTree, signal: AbortSignal | undefined): Promise<void> {
  const base = target.replace(/^\//, '');
  await addEntry(archive, { name: `${base}/`, type: 'directory', mode: 0o755 });
  for (const path of paths) {
    signal?.throwIfAborted();
    const full = join(directory, path);
    const stat = await lstat(full);
    const header = { name: `${base}/${path}`, mode: stat.mode & 0o777, mtime: stat.mtime };
    const { kind } = kinds.get(path)!;
    if (kind === 'directory') await addEntry(archive, { ...header, type: 'directory' });
    else if (kind === 'link') await addEntry(archive, { ...header, type: 'symlink', linkname: await readlink(full) });
    else await pipeline(createReadStream(full, { end: Math.max(stat.size - 1, 0) }), archive.entry({ ...header, ...owner, type: 'file', size: stat.size }));
  }
}

const owner = { uid: workUser.uid, gid: workUser.gid };

function addEntry(archive: Pack, header: Partial<Header> & { name: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({ ...header, ...owner }, '', (error) => (error ? reject(error) : resolve()));
  });
}
