import { RedControlError, type ProjectConfig, type RowCount } from '@redcontrol/contract';
import type { Readable } from 'node:stream';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseHost, engineOf, imagesFor, volumeName } from '../environment/index.ts';
import { dataTools, databaseKinds, parseRows, startDatabase, toolUser, waitForDatabase, type DatabaseAccess } from '../environment/databases/index.ts';
import { ensureVolume, execInContainer, idleCommand, removeContainer, removeVolume, startContainer, type Engine, type ExecOptions } from '../engine/index.ts';
import type { StoredDatabase } from '../store/index.ts';
import { assertDataRoom, watchDataRoom } from './data-room.ts';

export interface ScratchWish {
  /** Data operation that it belongs to: found by it after a kill of the daemon. */
  operation: number;
  config: ProjectConfig;
  /** Whose user, password and names it has. */
  like: StoredDatabase;
  version: string;
  /** Left out: no network at all. */
  network?: string;
  say: (text: string) => void;
  signal?: AbortSignal | undefined;
}

/** A database on a volume of its own, beside the one that is in use. */
export interface ScratchDatabase {
  engine: Engine;
  kind: Exclude<StoredDatabase['engine'], 'sqlite'>;
  version: string;
  containerName: string;
  volume: string;
  access: DatabaseAccess;
  /** Takes a dump; then it runs and answers. Throws BACKUP_CORRUPT with what the database's program said. */
  load(dump: Readable): Promise<void>;
  /** Takes the files of a running server, as `copy` of its tools gives them; then it runs and answers. */
  loadFiles(tar: Readable): Promise<void>;
  /** Runs it on what its volume has. */
  start(): Promise<void>;
  rows(): Promise<RowCount[]>;
  /** Ends the container; the volume stays. */
  stop(): Promise<void>;
  /** Removes all of it; safe to call twice. */
  dispose(): Promise<void>;
}

const memoryBytes = 1024 ** 3;
const readyTimeoutMs = 180_000;
const loadTimeoutMs = 6 * 3_600_000;
/** Who owns the data in the images of databases. */
const volumeUser = '999:999';

export async function openScratchDatabase(daemon: DaemonContext, wish: ScratchWish): Promise<ScratchDatabase> {
  const { like, operation, signal } = wish;
  const owner = { project: like.project, environment: like.environment };
  const kind = like.engine as ScratchDatabase['kind'];
  const engine = engineOf(daemon, owner);
  const tools = dataTools[kind];
  const access = databaseAccess(daemon, like);
  const containerName = volumeName(daemon, owner, `op${operation}-${databaseHost(like.role)}`);
  const volume = volumeName(daemon, owner, `${like.role}-${kind}-${wish.version}-op${operation}`);
  const imageReference = await imagesFor(daemon, engine, wish.config).ensure({ kind: databaseKinds[kind].image, version: wish.version }, { onOutput: (chunk) => wish.say(String(chunk)), ...(signal ? { signal } : {}) });
  await ensureVolume(engine, volume, { role: 'volume', ...owner, name: databaseHost(like.role), operation });
  const place = { container: containerName, path: databaseKinds[kind].dataPath };
  const reserveBytes = daemon.options.diskReserveBytes;
  const ask = (command: string[]) => runProgram(engine, { container: containerName, command, user: toolUser, timeoutMs: loadTimeoutMs, ...(signal ? { signal } : {}) });
  const take = async (command: string[], user: string, dump: Readable) => {
    await assertDataRoom(engine, place, reserveBytes);
    const room = watchDataRoom(engine, place, { reserveBytes, clock: daemon.clock });
    const either = AbortSignal.any([room.signal, ...(signal ? [signal] : [])]);
    await runProgram(engine, { container: containerName, command, user, timeoutMs: loadTimeoutMs, stdin: dump, signal: either }).finally(room.end);
  };
  const takeIntoVolume = async (command: string[], input: Readable) => {
    await startContainer(engine, {
      name: containerName, image: imageReference, entrypoint: [], command: [...idleCommand], user: volumeUser, network: 'none', labels: { role: 'scratch', ...owner, operation },
      variables: databaseKinds[kind].variables(access), mounts: [{ kind: 'volume', source: volume, target: databaseKinds[kind].dataPath }], memoryBytes, pidsLimit: 100,
    });
    await take(command, volumeUser, input);
    await scratch.stop();
    await scratch.start();
  };

  const scratch: ScratchDatabase = {
    engine, kind, version: wish.version, containerName, volume, access,
    async start() {
      await startDatabase(engine, { containerName, engine: kind, imageReference, network: wish.network ?? 'none', access, volume, labels: { role: 'scratch', ...owner, operation }, memoryBytes, restart: 'no' });
      await waitForDatabase(engine, { containerId: containerName, engine: kind, access, timeoutMs: readyTimeoutMs, clock: daemon.clock, ...(signal ? { signal } : {}) });
    },
    async load(dump) {
      if (tools.loadsInto === 'server') {
        await scratch.start();
        await take(tools.load(access), toolUser, dump);
        return;
      }
      await takeIntoVolume(tools.load(access), dump);
    },
    async loadFiles(tar) {
      if (!tools.unpack) throw new RedControlError('INTERNAL', `Expected a way to take the files of ${kind}, there is none`);
      await takeIntoVolume(tools.unpack, tar);
    },
    rows: async () => parseRows(await ask(tools.count(access))),
    stop: () => removeContainer(engine, containerName),
    async dispose() {
      await removeContainer(engine, containerName);
      await removeVolume(engine, volume);
    },
  };
  return scratch;
}

type Program = Omit<ExecOptions, 'onOutput' | 'stdin'> & { stdin?: Readable };

/** What the program wrote. Throws what its input failed with, or BACKUP_CORRUPT when it did not end with 0. */
export async function runProgram(engine: Engine, { stdin, ...program }: Program): Promise<string> {
  let said = '';
  let broken: Error | undefined;
  const stop = new AbortController();
  // Input that breaks off must not look like its end: a text dump that is cut could be taken for a whole one.
  stdin?.once('error', (error) => {
    broken = error;
    stop.abort();
  });
  const signal = program.signal ? AbortSignal.any([program.signal, stop.signal]) : stop.signal;
  const { exitCode, outcome } = await execInContainer(engine, {
    ...program, signal, ...(stdin ? { stdin } : {}),
    onOutput(chunk) {
      said = (said + chunk.toString('utf8')).slice(-1024 * 1024);
    },
  });
  if (broken) throw broken;
  if (program.signal?.aborted && program.signal.reason instanceof RedControlError) throw program.signal.reason;
  if (outcome === 'cancelled') throw new RedControlError('CANCELLED', 'The work on the data was cancelled');
  if (exitCode === 0) return said;
  const isFull = /no space left on device|disk full|errno: 28/i.test(said);
  throw new RedControlError(isFull ? 'DISK_FULL' : 'BACKUP_CORRUPT', `Expected the data to be taken whole, ${outcome === 'timeout' ? 'it took too long' : `the program ended with ${exitCode}`}: ${said.trim().slice(-1500)}`, {
    hint: isFull ? 'What is in use was not touched. Free some disk: remove old backups, releases and images, or give the server a larger disk.' : 'What is in use was not touched. Take another backup: redcontrol backup list.',
  });
}
