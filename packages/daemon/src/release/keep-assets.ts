import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path/posix';
import { pipeline } from 'node:stream/promises';
import { extract, pack, type Pack } from 'tar-stream';
import { writeFileAtomic } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { engineOf } from '../environment/index.ts';
import { acrossRestarts, createContainer, getArchive, imageFolder, removeContainer, type Engine } from '../engine/index.ts';
import { appContainerSpec } from './app-containers.ts';
import { processLabel, type ReleaseUnit } from './release-units.ts';
import { assetFiles, assetNames } from './asset-files.ts';

/** Of all asset folders of a release together. */
const maxAssetBytes = 256 * 1024 ** 2;
const maxAssetCount = 50_000;

interface Kept {
  /** Files and folders, with who owns the folder around each. */
  names: Map<string, string>;
  bytes: number;
}

/**
 * Copies the asset folders out of a release's image, through a container that never runs, for the time after it is replaced.
 * More than may be kept, and folders that the image does not have, are said; the release goes on without them.
 */
export async function keepAssets(daemon: DaemonContext, { release, snapshot }: ReleaseUnit, say: (text: string) => void): Promise<void> {
  if (!snapshot.assets || (await assetNames(daemon, release))) return;
  const engine = engineOf(daemon, release);
  const files = assetFiles(daemon, release);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  const workingFolder = await imageFolder(engine, release.imageId);
  const spec = appContainerSpec(daemon, release, { ...snapshot, volumes: {} });
  const { id } = await createContainer(engine, { ...spec, name: `${spec.network}--r${release.number}-${processLabel(release, 'assets')}`, labels: { role: 'migration', project: release.project, environment: release.environment, release: release.id, name: 'assets' } });
  try {
    const kept: Kept = { names: new Map(), bytes: 0 };
    const target = pack();
    const written = pipeline(target, createWriteStream(files.tar, { mode: 0o600 }));
    const reading = copyAll(engine, { container: id, folders: snapshot.assets.folders.map((folder) => resolve(workingFolder, folder)), target, kept, say });
    await Promise.all([written, reading]);
    await writeFileAtomic(files.names, [...kept.names].map(([name, owner]) => `${owner} ${name}`).join('\n'));
    say(`${[...kept.names.keys()].filter((name) => !name.endsWith('/')).length} files of assets are kept for when this release is replaced.`);
  } catch (error) {
    if (!(error instanceof RedControlError) || error.code !== 'LIMIT_REACHED') throw error;
    say(`${error.message}; they are not kept for when this release is replaced.`);
  } finally {
    await acrossRestarts(engine, () => removeContainer(engine, id));
  }
}

async function copyAll(engine: Engine, { folders, target, ...rest }: { container: string; folders: string[]; target: Pack; kept: Kept; say: (text: string) => void }): Promise<void> {
  try {
    for (const folder of folders) await copyFolder(engine, { folder, target, ...rest });
    target.finalize();
  } catch (error) {
    target.destroy(error as Error);
    throw error;
  }
}

async function copyFolder(engine: Engine, { container, folder, target, kept, say }: { container: string; folder: string; target: Pack; kept: Kept; say: (text: string) => void }): Promise<void> {
  const archive = await getArchive(engine, container, folder).catch((error: unknown) => {
    if (!(error instanceof RedControlError) || error.code !== 'NOT_FOUND') throw error;
    return undefined;
  });
  if (!archive) return say(`There is no folder ${folder} in the image: see \`assets\`.`);
  const reader = extract();
  archive.on('error', (error: Error) => reader.destroy(error));
  archive.pipe(reader);
  const parent = dirname(folder).slice(1);
  const owners = new Map<string, string>();
  for await (const entry of reader) {
    const { header } = entry;
    if (header.type === 'file' || header.type === 'directory') {
      kept.bytes += header.size ?? 0;
      const name = join(parent, header.name);
      if (kept.bytes > maxAssetBytes || kept.names.size >= maxAssetCount || name.includes('\n')) throw new RedControlError('LIMIT_REACHED', `Expected at most ${maxAssetCount} files of ${maxAssetBytes} bytes in the folders of assets, got more in ${basename(folder)}`);
      kept.names.set(name, owners.get(dirname(name)) ?? '0:0');
      if (header.type === 'directory') owners.set(name.replace(/\/$/, ''), `${header.uid ?? 0}:${header.gid ?? 0}`);
      await new Promise<void>((done, failed) => {
        const to = target.entry({ ...header, name, pax: null }, (error) => (error ? failed(error) : done()));
        entry.pipe(to);
      });
    } else entry.resume();
  }
}
