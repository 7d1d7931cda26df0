import { Readable } from 'node:stream';
import { asRedControlError, formatBytes, RedControlError, type BackupFile, type BackupReason, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseContainer, engineOf, volumeName } from '../environment/index.ts';
import { dataTools, isWholeDump, parseRows, toolUser } from '../environment/databases/index.ts';
import { execToStream, inspectContainer, listVolumes, type ExecStream } from '../engine/index.ts';
import { withLock } from '../release/environment-lock.ts';
import { addBackup, endBackup, getBackup, getDatabase, type StoredBackup, type StoredDatabase } from '../store/index.ts';
import { backupFolder, dataLock } from './backup-path.ts';
import { backupPlan } from './backup-settings.ts';
import { withHelper } from './helper-container.ts';
import { openStorage, placeOf } from './storage/open-storage.ts';
import type { BackupStorage } from './storage/backup-storage.ts';
import { storeFile } from './store-file.ts';

export interface BackupRequest {
  config: ProjectConfig;
  environment: string;
  reason: BackupReason;
  startedBy: string;
  /** Number of the release before whose migration it is made. */
  release?: number;
  say: (text: string) => void;
  signal?: AbortSignal | undefined;
}

const backupTimeoutMs = 6 * 3_600_000;

/**
 * Makes a backup of the databases and volumes of an environment. The database serves on; PostgreSQL and MariaDB give one moment.
 * Throws BACKUP_FAILED, DISK_FULL, SECRET_MISSING or CANCELLED; of a backup that failed no file stays.
 */
export function makeBackup(daemon: DaemonContext, request: BackupRequest): Promise<StoredBackup> {
  const owner = { project: request.config.project, environment: request.environment };
  return withLock(dataLock(owner), () => makeNow(daemon, request, owner));
}

/** As makeBackup, for who holds the lock of the data already. */
export async function makeNow(daemon: DaemonContext, request: BackupRequest, owner: { project: string; environment: string }): Promise<StoredBackup> {
  const settings = request.config.environments[request.environment];
  const place = placeOf((settings && backupPlan(settings)?.to) ?? 'local');
  const storage = openStorage(daemon, owner, place);
  const backup = daemon.store.transition('backup.started', () =>
    addBackup(daemon.store, { ...owner, reason: request.reason, place, release: request.release ?? null, startedBy: request.startedBy, createdAt: daemon.clock.now() }));
  try {
    const files = await storeFiles(daemon, { ...request, storage, backup });
    await storage.write(`${backupFolder(backup)}/manifest.json`, manifest(backup, files), request.signal);
    tellEnd(daemon, backup, { files });
  } catch (thrown) {
    const error = request.signal?.aborted ? new RedControlError('CANCELLED', 'The backup was cancelled', { cause: thrown }) : asBackupError(thrown);
    await storage.remove(backupFolder(backup), []).catch(() => {});
    tellEnd(daemon, backup, { files: [], error });
    throw error;
  }
  return getBackup(daemon.store, backup.id)!;
}

type Work = BackupRequest & { storage: BackupStorage; backup: StoredBackup };

async function storeFiles(daemon: DaemonContext, work: Work): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  const keep = (file: BackupFile) => {
    files.push(file);
    work.say(`${file.name}: ${formatBytes(file.bytes)}`);
  };
  try {
    for (const role of ['database', 'redis'] as const) {
      const stored = getDatabase(daemon.store, work.backup.project, work.backup.environment, role);
      if (stored) keep(await storeDatabase(daemon, work, stored));
    }
    for (const volume of Object.keys(work.config.volumes)) {
      const file = await storeVolume(daemon, work, volume);
      if (file) keep(file);
    }
    if (files.length === 0) throw new RedControlError('CONFLICT', `Expected ${work.environment} to have a database or volumes, it has none yet`, { hint: 'Apply or deploy first.' });
    return files;
  } catch (error) {
    await work.storage.remove(backupFolder(work.backup), files.map((file) => file.name)).catch(() => {});
    throw error;
  }
}

async function storeDatabase(daemon: DaemonContext, work: Work, stored: StoredDatabase): Promise<BackupFile> {
  const engine = engineOf(daemon, work.backup);
  const kind = stored.engine as Exclude<StoredDatabase['engine'], 'sqlite'>;
  const container = databaseContainer(daemon, stored);
  if (!(await inspectContainer(engine, container))?.running) {
    throw new RedControlError('CONFLICT', `Expected the ${stored.engine} of ${stored.environment} to run, it does not`, { hint: 'Apply the project, or deploy: both start it.' });
  }
  const tools = dataTools[kind];
  const dump = execToStream(engine, { container, command: tools.dump(databaseAccess(daemon, stored)), user: toolUser, timeoutMs: backupTimeoutMs, ...(work.signal ? { signal: work.signal } : {}) });
  const name = `${stored.role}.${tools.fileEnding}`;
  const file = await store(daemon, work, { name, compress: tools.compress }, dump);
  const end = await dump.ended;
  if (!isWholeDump(end)) {
    await work.storage.remove(backupFolder(work.backup), [file.name]);
    throw new RedControlError('BACKUP_FAILED', `Expected the dump of ${stored.engine} to end whole, it ended with ${end.exitCode}: ${end.errorText.trim().slice(-1500)}`);
  }
  return { ...file, kind: stored.role, volume: null, engine: stored.engine, version: stored.version, rows: parseRows(end.errorText) };
}

/** Undefined where the volume was not made yet. */
async function storeVolume(daemon: DaemonContext, work: Work, volume: string): Promise<BackupFile | undefined> {
  const { backup, config, environment } = work;
  const source = volumeName(daemon, backup, volume);
  const volumes = await listVolumes(engineOf(daemon, backup), { project: backup.project, environment });
  if (!volumes.some((one) => one.name === source)) return undefined;
  const mounts = [{ kind: 'volume' as const, source, target: '/data', readOnly: true }];
  return withHelper(daemon, { config, environment, name: `backup-${backup.id}`, mounts, signal: work.signal }, async ({ engine, id }) => {
    const pack = execToStream(engine, { container: id, command: ['tar', '--create', '--directory=/data', '--numeric-owner', '--sparse', '--exclude=./.redcontrol-*', '.'], timeoutMs: backupTimeoutMs, ...(work.signal ? { signal: work.signal } : {}) });
    const file = await store(daemon, work, { name: `volume-${volume}.tar`, compress: true }, pack);
    const { exitCode, errorText } = await pack.ended;
    // 1: a file changed while it was read, as files of an app that runs do.
    if (exitCode > 1) throw new RedControlError('BACKUP_FAILED', `Expected the files of the volume ${volume} to be read whole, tar ended with ${exitCode}: ${errorText.trim().slice(-1500)}`);
    return { ...file, kind: 'volume' as const, volume, engine: null, version: null, rows: [] };
  });
}

const toldEveryMs = 1_000;

function store(daemon: DaemonContext, work: Work, file: { name: string; compress: boolean }, stream: ExecStream) {
  let toldAt = daemon.clock.now();
  return storeFile(work.storage, {
    ...file, folder: backupFolder(work.backup), source: stream.output, recipient: daemon.backupKey.recipient, signal: work.signal,
    onBytes(bytes) {
      if (daemon.clock.now() - toldAt < toldEveryMs) return;
      toldAt = daemon.clock.now();
      work.say(`${file.name}: ${formatBytes(bytes)} so far`);
    },
  });
}

function tellEnd(daemon: DaemonContext, backup: StoredBackup, end: { files: readonly BackupFile[]; error?: RedControlError }): void {
  const at = daemon.clock.now();
  daemon.store.transition('backup.ended', () => {
    endBackup(daemon.store, backup.id, { files: end.files, at, ...(end.error ? { error: end.error.toJSON() } : {}) });
    const bytes = end.files.reduce((sum, file) => sum + file.bytes, 0);
    const text = end.error ? `backup ${backup.id} of ${backup.environment} failed: ${end.error.message}` : `backup ${backup.id} of ${backup.environment}: ${formatBytes(bytes)}`;
    daemon.events.add({ at, kind: end.error ? 'backup.failed' : 'backup.made', project: backup.project, environment: backup.environment, runId: null, text, data: { backup: backup.id, reason: backup.reason, bytes, durationMs: at - backup.createdAt, error: end.error?.toJSON() ?? null } });
  });
  daemon.events.flush();
}

function asBackupError(thrown: unknown): RedControlError {
  const error = asRedControlError(thrown);
  return error.code === 'INTERNAL' || error.code === 'COMMAND_FAILED' ? new RedControlError('BACKUP_FAILED', `Expected the backup to be made, got: ${error.message}`, { cause: thrown }) : error;
}

/** What lies beside the files for whoever finds them without RedControl's own state. Not encrypted: it names tables and counts, no data. */
async function* manifestText(backup: StoredBackup, files: readonly BackupFile[]): AsyncGenerator<Buffer> {
  const { id, project, environment, reason, createdAt } = backup;
  yield Buffer.from(`${JSON.stringify({ format: 1, id, project, environment, reason, createdAt: new Date(createdAt).toISOString(), encryption: 'age-encryption.org/v1', files }, null, 2)}\n`);
}

function manifest(backup: StoredBackup, files: readonly BackupFile[]): Readable {
  return Readable.from(manifestText(backup, files), { objectMode: false });
}
