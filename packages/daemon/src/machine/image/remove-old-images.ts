import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface OldImages {
  imagesDirectory: string;
  /** Ids of images that stay whatever else. */
  kept: readonly string[];
  /** Folders whose folders hold disks of machines: what those stand on stays. */
  diskDirectories: readonly string[];
  nowMs: number;
}

/** Younger ones may belong to a machine that is just being made. */
const minAgeMs = 24 * 3_600_000;

/** Removes images that were followed by a newer one and that no machine and no saved state stands on any more. */
export async function removeOldImages({ imagesDirectory, kept, diskDirectories, nowMs }: OldImages): Promise<void> {
  const used = await usedFiles(diskDirectories);
  for (const id of await readdir(imagesDirectory).catch(() => [])) {
    const folder = join(imagesDirectory, id);
    if (kept.includes(id) || nowMs - (await stat(folder)).mtimeMs < minAgeMs || used.has(join(folder, 'root.img'))) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Files that the system's disks of machines stand on. */
async function usedFiles(directories: readonly string[]): Promise<Set<string>> {
  const folders = await Promise.all(directories.map(async (directory) => (await readdir(directory).catch(() => [])).map((name) => join(directory, name))));
  const files = await Promise.all(folders.flat().map((folder) => backingFile(join(folder, 'root.qcow2')).catch(() => undefined)));
  return new Set(files.filter((file) => file !== undefined));
}

/** What a disk in QEMU's format stands on: its header says it at 8 (place) and 16 (length), big-endian. */
async function backingFile(disk: string): Promise<string | undefined> {
  const file = await open(disk);
  try {
    const header = Buffer.alloc(20);
    await file.read(header, 0, header.length, 0);
    const [place, length] = [Number(header.readBigUInt64BE(8)), header.readUInt32BE(16)];
    if (place === 0 || length === 0 || length > 4096) return undefined;
    const name = Buffer.alloc(length);
    await file.read(name, 0, length, place);
    return name.toString('utf8');
  } finally {
    await file.close();
  }
}
