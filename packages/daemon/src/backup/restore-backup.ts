import { RedControlError, type BackupFile, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseContainer, engineOf, ensureEnvironmentServices } from '../environment/index.ts';
import { inspectContainer } from '../engine/index.ts';
import { withLock } from '../release/environment-lock.ts';
import { getDatabase, setProof, switchDatabase, type DataOperation, type StoredBackup } from '../store/index.ts';
import { dataLock } from './backup-path.ts';
import { withDataOperation } from './data-operation.ts';
import { makeNow } from './make-backup.ts';
import { removeOldest } from './kept-volumes.ts';
import { assertSound, openBackupFile } from './open-file.ts';
import { assertRows, databaseLike } from './prove-backup.ts';
import { discardFiles, swapFiles, unpackBeside } from './restore-volume.ts';
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.ts';

export interface RestoreRequest {
  config: ProjectConfig;
  /** Environment that gets the data: the backup's own or another of the project. */
  environment: string;
  startedBy: string;
  say: (text: string) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Brings the data of a backup into an environment. What is in use stays so until everything of the backup was read, loaded beside it and counted;
 * then the environment changes over, and the volumes with the data of before are kept. Throws BACKUP_CORRUPT, DISK_FULL or CONFLICT with nothing changed.
 */
export function restoreBackup(daemon: DaemonContext, backup: StoredBackup, request: RestoreRequest): Promise<{ safetyBackup: number | null; oldVolumes: string[] }> {
  const target = { project: request.config.project, environment: request.environment };
  // A release of the environment must not begin meanwhile.
  return withLock(`${target.project}/${target.environment}`, () => withLock(dataLock(target), () => restoreNow(daemon, backup, request, target)));
}

/** As restoreBackup, for who holds the environment's locks already. */
export async function restoreNow(daemon: DaemonContext, backup: StoredBackup, request: RestoreRequest, target: { project: string; environment: string }): Promise<{ safetyBackup: number | null; oldVolumes: string[] }> {
  assertFits(daemon, backup, target);
  request.say(`Reading backup ${backup.id} to its end`);
  await assertSound(daemon, backup);
  const safetyBackup = await backUpBefore(daemon, request, target);
  const oldVolumes = await withDataOperation(daemon, { kind: 'restore', owner: target, startedBy: request.startedBy }, (operation) => changeOver(daemon, { backup, request, target, operation }));
  await removeOldest(daemon, target);
  tellRestored(daemon, backup, { request, oldVolumes, safetyBackup });
  return { safetyBackup, oldVolumes };
}

/** Older data do not get out of a newer database. */
function assertFits(daemon: DaemonContext, backup: StoredBackup, target: { project: string; environment: string }): void {
  for (const file of backup.files.filter(({ kind }) => kind !== 'volume')) {
    const stored = databaseLike(daemon, target, file);
    if (Number.parseFloat(stored.version) >= Number.parseFloat(file.version ?? '0')) continue;
    throw new RedControlError('CONFLICT', `Expected ${target.environment} to have ${file.engine} ${file.version} or newer as backup ${backup.id} was made with, it has ${stored.version}`, { hint: 'Choose an environment with that version.' });
  }
}

async function backUpBefore(daemon: DaemonContext, request: RestoreRequest, target: { project: string; environment: string }): Promise<number | null> {
  const stored = (['database', 'redis'] as const).flatMap((role) => getDatabase(daemon.store, target.project, target.environment, role) ?? []);
  const states = await Promise.all(stored.map((database) => inspectContainer(engineOf(daemon, target), databaseContainer(daemon, database))));
  // A database that does not run cannot be dumped, and may be why somebody restores: its volume is kept.
  if (states.length === 0 || states.some((state) => !state?.running)) {
    request.say('No backup of the data of now: the database does not run. Its volume is kept.');
    return null;
  }
  request.say('Backing up the data of now');
  return (await makeNow(daemon, { ...request, reason: 'restore' }, target)).id;
}

interface ChangeOver {
  backup: StoredBackup;
  request: RestoreRequest;
  target: { project: string; environment: string };
  operation: DataOperation;
}

async function changeOver(daemon: DaemonContext, work: ChangeOver): Promise<string[]> {
  const { backup, request, target, operation } = work;
  const { config, environment, signal } = request;
  const made: { file: BackupFile; scratch: ScratchDatabase }[] = [];
  const volumes = backup.files.flatMap(({ volume }) => (volume !== null && Object.hasOwn(config.volumes, volume) ? [volume] : []));
  await ensureEnvironmentServices(daemon, { config, environment, onOutput: request.say, ...(signal ? { signal } : {}) });
  try {
    for (const file of backup.files) {
      if (file.kind === 'volume') {
        if (volumes.includes(file.volume!)) await unpackBeside(daemon, { config, environment, volume: file.volume!, signal }, await openBackupFile(daemon, backup, file));
        continue;
      }
      const like = databaseLike(daemon, target, file);
      const scratch = await openScratchDatabase(daemon, { operation: operation.id, config, like, version: like.version, say: request.say, signal });
      made.push({ file, scratch });
      request.say(`Loading ${file.name}`);
      await scratch.load(await openBackupFile(daemon, backup, file));
      await assertRows(scratch, backup, file);
      await scratch.stop();
    }
    signal?.throwIfAborted();
  } catch (error) {
    for (const { scratch } of made) await scratch.dispose();
    for (const volume of volumes) await discardFiles(daemon, { config, environment, volume });
    throw error;
  }
  return switchOver(daemon, work, { made, volumes });
}

/** From here on the environment has the backup's data, also when the daemon is killed in between: its next start goes on. */
async function switchOver(daemon: DaemonContext, { backup, request, target, operation }: ChangeOver, { made, volumes }: { made: { file: BackupFile; scratch: ScratchDatabase }[]; volumes: string[] }): Promise<string[]> {
  const before = made.map(({ file }) => databaseLike(daemon, target, file));
  daemon.store.transition('data.switched', () => {
    made.forEach(({ scratch }, index) => switchDatabase(daemon.store, before[index]!, { volume: scratch.volume, version: scratch.version, operation: operation.id, at: daemon.clock.now() }));
    setProof(daemon.store, backup.id, { state: 'proven', at: daemon.clock.now() });
  });
  request.say('Changing over');
  await ensureEnvironmentServices(daemon, { config: request.config, environment: request.environment, onOutput: request.say });
  for (const volume of volumes) await swapFiles(daemon, { config: request.config, environment: request.environment, volume });
  return before.map(({ volume }) => volume);
}

function tellRestored(daemon: DaemonContext, backup: StoredBackup, end: { request: RestoreRequest; oldVolumes: string[]; safetyBackup: number | null }): void {
  const { request, oldVolumes, safetyBackup } = end;
  daemon.store.transaction(() => {
    daemon.events.add({
      at: daemon.clock.now(), kind: 'data.restored', project: backup.project, environment: request.environment, runId: null,
      text: `${request.environment} has the data of backup ${backup.id} of ${backup.environment}, restored by ${request.startedBy}`, data: { backup: backup.id, oldVolumes, safetyBackup },
    });
  });
  daemon.events.flush();
}
