import { RedControlError, type ProjectConfig, type RowCount } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { ensureEnvironmentServices } from '../environment/index.ts';
import { parseRows, rowDifferences } from '../environment/databases/index.ts';
import { withLock } from '../release/environment-lock.ts';
import { switchDatabase, type DataOperation, type StoredDatabase } from '../store/index.ts';
import { askDatabase } from './ask-database.ts';
import { dataLock } from './backup-path.ts';
import { copyData } from './copy-data.ts';
import { withDataOperation } from './data-operation.ts';
import { makeNow } from './make-backup.ts';
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.ts';
import { storedDatabase } from './stored-database.ts';

export interface UpgradeRequest {
  config: ProjectConfig;
  environment: string;
  role: StoredDatabase['role'];
  /** The newer version. */
  to: string;
  startedBy: string;
  say: (text: string) => void;
  signal?: AbortSignal | undefined;
}

export interface Upgraded {
  from: string;
  to: string;
  backup: number;
  /** Volume with the data of the old version: kept until somebody says otherwise. */
  oldVolume: string;
}

/**
 * Brings a database to a newer version: backup, a new database beside it, the data dumped and loaded while apps may only read, counts compared, change-over.
 * Whatever fails before the change-over leaves the old one in use. Throws CONFLICT, IMAGE_UNAVAILABLE (naming the versions that there are), DISK_FULL, BACKUP_CORRUPT.
 */
export function upgradeDatabase(daemon: DaemonContext, request: UpgradeRequest): Promise<Upgraded> {
  const target = { project: request.config.project, environment: request.environment };
  return withLock(`${target.project}/${target.environment}`, () => withLock(dataLock(target), async () => {
    const stored = storedDatabase(daemon, target, request.role);
    assertNewer(stored, request.to);
    const backup = (await makeNow(daemon, { ...request, reason: 'upgrade' }, target)).id;
    request.say(`Backup ${backup} of the data before the upgrade.`);
    await withDataOperation(daemon, { kind: 'upgrade', owner: target, startedBy: request.startedBy }, (operation) => upgradeNow(daemon, { request, stored, operation }));
    return { from: stored.version, to: request.to, backup, oldVolume: stored.volume };
  }));
}

function assertNewer(stored: StoredDatabase, to: string): void {
  if (Number.parseFloat(to) > Number.parseFloat(stored.version)) return;
  throw new RedControlError('CONFLICT', `Expected a newer version than ${stored.version}, which ${stored.engine} of ${stored.environment} has, got ${to}`, { hint: 'Data do not go into an older version. See `redcontrol databases`.' });
}

async function upgradeNow(daemon: DaemonContext, work: { request: UpgradeRequest; stored: StoredDatabase; operation: DataOperation }): Promise<void> {
  const { request, stored, operation } = work;
  const { config, say, signal } = request;
  const stop = signal ?? new AbortController().signal;
  const scratch = await openScratchDatabase(daemon, { operation: operation.id, config, like: stored, version: request.to, say, signal });
  try {
    await askDatabase(daemon, stored, 'readOnly');
    say(`Apps may only read while the data go from ${stored.version} to ${request.to}.`);
    await copyData(daemon, { from: stored, to: scratch, bytes: 0, way: 'by a dump', signal: stop });
    await assertSameRows(daemon, stored, scratch);
    await scratch.stop();
    stop.throwIfAborted();
  } catch (error) {
    await scratch.dispose();
    await askDatabase(daemon, stored, 'writable').catch((cause: unknown) => daemon.log.error(`${stored.engine} of ${stored.environment} stays read-only`, cause));
    throw error;
  }
  daemon.store.transition('data.switched', () => switchDatabase(daemon.store, stored, { volume: scratch.volume, version: request.to, operation: operation.id, at: daemon.clock.now() }));
  say('Changing over');
  await ensureEnvironmentServices(daemon, { config, environment: request.environment, onOutput: say });
  daemon.store.transaction(() => daemon.events.add({
    at: daemon.clock.now(), kind: 'data.upgraded', project: stored.project, environment: stored.environment, runId: null,
    text: `${stored.engine} of ${stored.environment} has version ${request.to} instead of ${stored.version}`, data: { engine: stored.engine, from: stored.version, to: request.to, oldVolume: stored.volume },
  }));
  daemon.events.flush();
}

async function assertSameRows(daemon: DaemonContext, stored: StoredDatabase, scratch: ScratchDatabase): Promise<void> {
  const before: RowCount[] = parseRows(await askDatabase(daemon, stored, 'count'));
  const differences = rowDifferences(before, await scratch.rows());
  if (differences.length === 0) return;
  throw new RedControlError('BACKUP_CORRUPT', `Expected the new version to hold the rows of the old one, got others: ${differences.slice(0, 10).join('; ')}`, { hint: 'The old version is in use as before.' });
}
