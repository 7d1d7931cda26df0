import type { Readable } from 'node:stream';
import type { ProjectConfig, RowCount } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { ensureEnvironmentServices } from '../environment/index.ts';
import { withLock } from '../release/environment-lock.ts';
import { switchDatabase, type StoredDatabase } from '../store/index.ts';
import { dataLock } from './backup-path.ts';
import { withDataOperation } from './data-operation.ts';
import { removeOldest } from './kept-volumes.ts';
import { makeNow } from './make-backup.ts';
import { openScratchDatabase } from './scratch-database.ts';
import { storedDatabase } from './stored-database.ts';

export interface LoadRequest {
  config: ProjectConfig;
  environment: string;
  role: StoredDatabase['role'];
  dump: Readable;
  startedBy: string;
  say: (text: string) => void;
  signal?: AbortSignal | undefined;
}

export interface Loaded {
  /** Of the data of before. */
  backup: number;
  oldVolume: string;
  rows: RowCount[];
}

/**
 * Replaces the data of a database by a dump: backup, the dump loaded into a new database beside it and counted, change-over. Whatever fails before the
 * change-over leaves the old one in use. Throws NOT_FOUND, BACKUP_CORRUPT, DISK_FULL or CANCELLED.
 */
export function loadDatabase(daemon: DaemonContext, request: LoadRequest): Promise<Loaded> {
  const target = { project: request.config.project, environment: request.environment };
  return withLock(`${target.project}/${target.environment}`, () => withLock(dataLock(target), async () => {
    const stored = storedDatabase(daemon, target, request.role);
    request.say('Backing up the data of now');
    const backup = (await makeNow(daemon, { ...request, reason: 'load' }, target)).id;
    const loaded = await withDataOperation(daemon, { kind: 'load', owner: target, startedBy: request.startedBy }, ({ id }) => loadNow(daemon, { request, stored, operation: id }));
    await removeOldest(daemon, target);
    tellLoaded(daemon, target, { ...loaded, backup, startedBy: request.startedBy });
    return { ...loaded, backup };
  }));
}

async function loadNow(daemon: DaemonContext, { request, stored, operation }: { request: LoadRequest; stored: StoredDatabase; operation: number }): Promise<{ oldVolume: string; rows: RowCount[] }> {
  const { config, environment, signal, say } = request;
  const scratch = await openScratchDatabase(daemon, { operation, config, like: stored, version: stored.version, say, signal });
  let rows: RowCount[];
  try {
    say('Loading');
    await scratch.load(request.dump);
    rows = await scratch.rows();
    await scratch.stop();
    signal?.throwIfAborted();
  } catch (error) {
    await scratch.dispose();
    throw error;
  }
  daemon.store.transition('data.switched', () => switchDatabase(daemon.store, stored, { volume: scratch.volume, version: scratch.version, operation, at: daemon.clock.now() }));
  say('Changing over');
  await ensureEnvironmentServices(daemon, { config, environment, onOutput: say });
  return { oldVolume: stored.volume, rows };
}

function tellLoaded(daemon: DaemonContext, { project, environment }: { project: string; environment: string }, { backup, oldVolume, startedBy }: { backup: number; oldVolume: string; startedBy: string }): void {
  daemon.store.transaction(() => daemon.events.add({
    at: daemon.clock.now(), kind: 'data.restored', project, environment, runId: null, text: `${environment} has the data of a dump, loaded by ${startedBy}`, data: { backup, oldVolumes: [oldVolume], safetyBackup: backup },
  }));
  daemon.events.flush();
}
