import { formatBytes, formatDurationMs } from '@redcontrol/contract';
import { assertDataRoom, copyData, openScratchDatabase, withDataOperation, type CopyWay, type ScratchDatabase } from '../backup/index.ts';
import type { DaemonContext } from '../context.ts';
import { databaseContainer, engineOf, volumeName } from '../environment/index.ts';
import { databaseKinds } from '../environment/databases/index.ts';
import { ensureNetwork, ensureVolume, removeNetwork, removeVolume, type Engine } from '../engine/index.ts';
import { getDatabase, type StoredDatabase } from '../store/index.ts';
import { migrate } from './migrate.ts';
import type { OtherPlace } from './run-once.ts';
import { ownVolumes } from './own-volumes.ts';
import type { MigrationWish } from './prepare-migration.ts';
import { tryStart } from './try-start.ts';

/** A copy takes the data, its own journal and what the migration writes anew. */
const roomFactor = 1.5;

/**
 * Copies the environment's database, migrates the copy in the new image, starts the app on it and throws all of it away. Tells what it took. Throws
 * MIGRATION_FAILED, RELEASE_NOT_READY or DISK_FULL; the environment was not touched.
 */
export async function rehearse(daemon: DaemonContext, wish: MigrationWish & { stored: StoredDatabase; bytes: number }): Promise<void> {
  const { release, stored, say } = wish;
  const owner = { project: release.project, environment: release.environment };
  await withDataOperation(daemon, { kind: 'rehearsal', owner, startedBy: `release #${release.number}` }, async ({ id }) => {
    const engine = engineOf(daemon, owner);
    const data = { container: databaseContainer(daemon, stored), path: databaseKinds[stored.engine as ScratchDatabase['kind']].dataPath };
    await assertDataRoom(engine, data, wish.bytes * roomFactor + daemon.options.diskReserveBytes);
    const stage = await openStage(daemon, { wish, engine, operation: id });
    try {
      await ownVolumes(daemon, release, wish.snapshot, stage.place);
      const clock = stopwatch(daemon);
      const way = await copyData(daemon, { from: stored, to: stage.database, bytes: wish.bytes, signal: wish.signal });
      const copyMs = clock();
      say(`Rehearsal: ${formatBytes(wish.bytes)} of data copied in ${formatDurationMs(copyMs)} (${way}). Migrating the copy.`);
      await migrate(daemon, release, wish.snapshot, { output: wish.output, signal: wish.signal, place: stage.place });
      const migrationMs = clock();
      await tryStart(daemon, { ...wish, place: stage.place });
      const startMs = clock();
      say(`Rehearsal: the migration took ${formatDurationMs(migrationMs)} on the copy, the app answered on it after ${formatDurationMs(startMs)}.`);
      tellRehearsed(daemon, wish, { way, copiedBytes: wish.bytes, copyMs, migrationMs, startMs });
    } finally {
      await stage.dispose();
    }
  });
}

interface Stage {
  database: ScratchDatabase;
  place: OtherPlace;
  dispose(): Promise<void>;
}

/** A network of its own with an empty database, a Redis where there is one, and empty volumes, under the names that the app knows. */
async function openStage(daemon: DaemonContext, { wish, engine, operation }: { wish: MigrationWish & { stored: StoredDatabase }; engine: Engine; operation: number }): Promise<Stage> {
  const { config, release, snapshot, stored, signal } = wish;
  const owner = { project: release.project, environment: release.environment };
  const network = volumeName(daemon, owner, `op${operation}`);
  const databases: ScratchDatabase[] = [];
  const volumes = Object.entries(snapshot.volumes).map(([name, target]) => ({ name: volumeName(daemon, owner, `op${operation}-${name}`), target }));
  const dispose = async () => {
    for (const database of databases) await database.dispose();
    for (const { name } of volumes) await removeVolume(engine, name);
    await removeNetwork(engine, network);
  };
  try {
    await ensureNetwork(engine, network, { role: 'scratch', ...owner, operation });
    for (const { name } of volumes) await ensureVolume(engine, name, { role: 'scratch', ...owner, operation });
    const open = async (like: StoredDatabase) => {
      const database = await openScratchDatabase(daemon, { operation, config, like, version: like.version, network, say: () => {}, signal });
      databases.push(database);
      return database;
    };
    const database = await open(stored);
    const redis = getDatabase(daemon.store, owner.project, owner.environment, 'redis');
    if (redis) await (await open(redis)).start();
    return { database, place: { network, mounts: volumes.map(({ name, target }) => ({ kind: 'volume', source: name, target })) }, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function tellRehearsed(daemon: DaemonContext, { release }: MigrationWish, figures: { way: CopyWay; copiedBytes: number; copyMs: number; migrationMs: number; startMs: number }): void {
  daemon.store.transaction(() => daemon.events.add({
    at: daemon.clock.now(), kind: 'release.rehearsed', project: release.project, environment: release.environment, runId: release.runId,
    text: `the migration of release #${release.number} of ${release.environment} was rehearsed: ${formatDurationMs(figures.migrationMs)} on a copy of ${formatBytes(figures.copiedBytes)}`, data: { release: release.number, ...figures },
  }));
  daemon.events.flush();
}

/** Time since the last call, in ms. */
function stopwatch({ clock }: DaemonContext): () => number {
  let at = clock.now();
  return () => {
    const passed = clock.now() - at;
    at += passed;
    return passed;
  };
}
