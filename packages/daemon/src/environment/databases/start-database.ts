import { RedControlError, type DatabaseEngine } from '@redcontrol/contract';
import type { Clock } from '@redcontrol/system';
import { containerLogs, execInContainer, inspectContainer, startContainer, type ContainerSpec, type Engine, type OwnerLabels } from '../../engine/index.ts';
import { databaseKinds, type DatabaseAccess } from './database-kinds.ts';

export interface DatabaseContainer {
  containerName: string;
  engine: Exclude<DatabaseEngine, 'sqlite'>;
  imageReference: string;
  network: string;
  access: DatabaseAccess;
  labels: OwnerLabels;
  /** Named volume with its data; undefined: in memory, gone with the container. */
  volume: string | undefined;
  memoryBytes: number;
  /** Arguments of the server, see databaseTuning. */
  tuning?: readonly string[];
  /** Left out: again by itself where its data last. */
  restart?: 'no';
}

const scratchBytes = 2 * 1024 ** 3;

/** Starts a database container; ready or not is asked by waitForDatabase. */
export async function startDatabase(engine: Engine, database: DatabaseContainer): Promise<string> {
  const kind = databaseKinds[database.engine];
  const data: NonNullable<ContainerSpec['mounts']>[number] = database.volume
    ? { kind: 'volume', source: database.volume, target: kind.dataPath }
    : { kind: 'tmpfs', target: kind.dataPath, sizeBytes: scratchBytes };
  const { id } = await startContainer(engine, {
    name: database.containerName,
    image: database.imageReference,
    command: [...kind.command(database.access), ...(database.tuning ?? [])],
    variables: kind.variables(database.access),
    labels: database.labels,
    network: database.network,
    ...(database.network === 'none' ? {} : { aliases: [database.access.host] }),
    mounts: [data],
    // PostgreSQL as the first process takes over what a stopped dump leaves, and takes its end for a crash of its own.
    init: true,
    capabilities: [...kind.capabilities],
    memoryBytes: database.memoryBytes,
    pidsLimit: 1000,
    shmBytes: 256 * 1024 ** 2,
    restart: database.restart ?? (database.volume ? 'unless-stopped' : 'no'),
  });
  return id;
}

/** Waits until the database answers a query. Throws SERVICE_NOT_READY with its last log lines. */
export async function waitForDatabase(
  engine: Engine,
  options: { containerId: string; engine: Exclude<DatabaseEngine, 'sqlite'>; access: DatabaseAccess; timeoutMs: number; clock: Clock; signal?: AbortSignal },
): Promise<void> {
  const kind = databaseKinds[options.engine];
  const deadline = options.clock.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const { exitCode } = await execInContainer(engine, { container: options.containerId, command: kind.probe(options.access), onOutput: () => {} }).catch(() => ({ exitCode: 1 }));
    if (exitCode === 0) return;
    const container = await inspectContainer(engine, options.containerId);
    if (!container?.running || options.clock.now() > deadline) {
      const log = container ? await containerLogs(engine, options.containerId, { lines: 20 }) : '';
      throw new RedControlError('SERVICE_NOT_READY', `Expected ${options.engine} to answer within ${options.timeoutMs / 1000} s, it ${container?.running ? 'did not' : 'stopped'}: ${log.trim().slice(-1500)}`);
    }
    await options.clock.sleep(100, options.signal);
  }
}
