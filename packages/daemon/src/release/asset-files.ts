import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfExists } from '@redcontrol/system';
import type { DaemonContext } from '../context.ts';
import type { UnitRelease } from './release-units.ts';

/** Whose files they are: those of a release, or of one app of it. */
export type AssetOwner = Pick<UnitRelease, 'id' | 'app'>;

/** Where the files of a unit's asset folders are kept: a tar with paths from the container's root, and a list of them, written when the tar is whole: a line each, with the numbers of the user who owns the folder around it. */
export function assetFiles(daemon: DaemonContext, { id, app }: AssetOwner): { folder: string; tar: string; names: string } {
  const folder = assetFolder(daemon);
  const name = app === undefined ? String(id) : `${id}.${app}`;
  return { folder, tar: join(folder, `${name}.tar`), names: join(folder, `${name}.names`) };
}

/** Names of a unit's asset files and folders (with a "/" at the end), from the container's root, each with who may remove it (`uid:gid`); undefined where none are kept. */
export async function assetNames(daemon: DaemonContext, owner: AssetOwner): Promise<Map<string, string> | undefined> {
  const text = await readIfExists(assetFiles(daemon, owner).names);
  return text === undefined ? undefined : new Map(text.split('\n').flatMap((line) => (line === '' ? [] : [[line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const])));
}

/** Units with kept asset files, the oldest first. */
export async function keptAssets(daemon: DaemonContext): Promise<AssetOwner[]> {
  const files = await readdir(assetFolder(daemon)).catch(() => []);
  return files.flatMap((file) => {
    const [, id, app] = /^(\d+)(?:\.([a-z0-9-]+))?\.names$/.exec(file) ?? [];
    return id === undefined ? [] : [{ id: Number(id), ...(app === undefined ? {} : { app }) }];
  }).sort((a, b) => a.id - b.id);
}

/** Notes that a unit is live at this time (ms since 1970): its files' time begins anew. */
export async function noteLive(daemon: DaemonContext, owner: AssetOwner, at: number): Promise<void> {
  await utimes(assetFiles(daemon, owner).names, at / 1000, at / 1000).catch(() => {});
}

/** When a unit was last noted to be live, else when its files were kept. */
export async function lastLiveAt(daemon: DaemonContext, owner: AssetOwner): Promise<number> {
  return (await stat(assetFiles(daemon, owner).names)).mtimeMs;
}

export async function removeAssets(daemon: DaemonContext, owner: AssetOwner): Promise<void> {
  const { tar, names } = assetFiles(daemon, owner);
  await rm(names, { force: true });
  await rm(tar, { force: true });
}

function assetFolder(daemon: DaemonContext): string {
  return join(daemon.options.dataDirectory, 'assets');
}
