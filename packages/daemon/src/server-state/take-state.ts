import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { RedControlError } from '@redcontrol/contract';
import { writeAuthorizedKeys } from '../people/index.ts';
import { listPeopleRows, listProjects, openStore } from '../store/index.ts';
import { stateFiles, stateFolders, storeName } from './archive-format.ts';
import { settleRestored } from './settle-restored.ts';
import { unpackArchive } from './unpack-archive.ts';

interface Place {
  dataDirectory: string;
  authorizedKeys: string;
  now: number;
}

const stageName = 'restored-state';

/**
 * Reads an archive to its end beside the state in use, and compares all of it. Throws BACKUP_CORRUPT, CONTRACT_MISMATCH, DISK_FULL, or CONFLICT where this
 * server has projects already; nothing was changed then.
 */
export async function stageState(place: Place, sealed: Readable, identity: string): Promise<{ projects: string[]; hostname: string; createdAt: number }> {
  assertFresh(place);
  const stage = join(place.dataDirectory, stageName);
  await rm(stage, { recursive: true, force: true });
  await mkdir(stage, { mode: 0o700 });
  try {
    const { hostname, createdAt } = await unpackArchive(sealed, identity, stage);
    const { projects } = settleRestored(join(stage, storeName), place.now);
    return { projects, hostname, createdAt };
  } catch (error) {
    await rm(stage, { recursive: true, force: true });
    throw error;
  }
}

/** Puts what was staged in the place of this server's own state; the daemon must not run. The store comes last: left in the middle, it can be begun again. */
export async function takeState(place: Place): Promise<void> {
  assertFresh(place);
  const { dataDirectory } = place;
  const stage = join(dataDirectory, stageName);
  const store = openStore(join(stage, storeName));
  const people = listPeopleRows(store);
  store.close();
  for (const folder of stateFolders) {
    await mkdir(join(dataDirectory, folder), { recursive: true, mode: 0o700 });
    for (const name of await readdir(join(stage, folder)).catch(() => [])) await rename(join(stage, folder, name), join(dataDirectory, folder, name));
  }
  await writeAuthorizedKeys(place.authorizedKeys, people);
  for (const name of stateFiles) await rename(join(stage, name), join(dataDirectory, name));
  for (const ending of ['-wal', '-shm']) await rm(join(dataDirectory, `${storeName}${ending}`), { force: true });
  await rename(join(stage, storeName), join(dataDirectory, storeName));
  await rm(stage, { recursive: true, force: true });
}

/** State is brought to a server that has none: what one has is never thrown away. */
function assertFresh({ dataDirectory }: Place): void {
  const store = openStore(join(dataDirectory, storeName));
  try {
    const projects = listProjects(store).map(({ name }) => name);
    if (projects.length > 0) throw new RedControlError('CONFLICT', `Expected a server without projects, this one has ${projects.join(', ')}`, { hint: 'Restore to a fresh server, or remove its projects first: redcontrol project remove.' });
  } finally {
    store.close();
  }
}
