import { formatBytes, RedControlError, type ProjectConfig } from '@redcontrol/contract';
import { assertDataRoom, copyData, databaseSize, openScratchDatabase, runProgram, withDataOperation, type ScratchDatabase } from '../backup/index.ts';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseContainer, engineOf, volumeName } from '../environment/index.ts';
import { databaseKinds, dataTools, isWholeDump, toolUser } from '../environment/databases/index.ts';
import { ensureNetwork, execToStream, removeNetwork } from '../engine/index.ts';
import { migratingUnit, openUnits } from '../release/release-units.ts';
import { runOnce } from '../release/run-once.ts';
import { getDatabase, liveRelease, type StoredDatabase, type StoredPreview, type StoredRelease } from '../store/index.ts';

export interface CloneWish {
  config: ProjectConfig;
  preview: StoredPreview;
  clone: { of: string; scrub: string };
  say: (text: string) => void;
  output: (chunk: Buffer) => void | Promise<void>;
  signal: AbortSignal;
}

/** The copy that is scrubbed and the one that the preview gets, each with its journal. */
const roomFactor = 2.5;
const pourTimeoutMs = 3 * 3_600_000;

/**
 * Gives a preview's empty database the data of another environment. They are scrubbed in a copy beside the original, in the image that is live there and
 * not in that of the branch: its code never sees what was not scrubbed. Throws PREVIEW_FAILED, DISK_FULL or CANCELLED; the original serves on.
 */
export async function cloneData(daemon: DaemonContext, wish: CloneWish): Promise<void> {
  const { config, preview, clone, say, signal } = wish;
  const source = { project: config.project, environment: clone.of };
  const from = getDatabase(daemon.store, source.project, source.environment, 'database');
  const to = getDatabase(daemon.store, source.project, preview.name, 'database');
  const live = liveRelease(daemon.store, source.project, source.environment);
  if (!from || !to || !live) throw new RedControlError('PREVIEW_FAILED', `Expected ${clone.of} to be live with a database whose data can be cloned, it is not`, { hint: `Deploy ${clone.of} first, then retry the run.` });
  const { bytes } = await databaseSize(daemon, from);
  await withDataOperation(daemon, { kind: 'clone', owner: source, startedBy: preview.name }, async ({ id }) => {
    const engine = engineOf(daemon, source);
    await assertDataRoom(engine, { container: databaseContainer(daemon, from), path: databaseKinds[from.engine as ScratchDatabase['kind']].dataPath }, bytes * roomFactor + daemon.options.diskReserveBytes);
    const network = volumeName(daemon, source, `op${id}`);
    let scratch: ScratchDatabase | undefined;
    try {
      await ensureNetwork(engine, network, { role: 'scratch', ...source, operation: id });
      scratch = await openScratchDatabase(daemon, { operation: id, config, like: from, version: from.version, network, say: () => {}, signal });
      await copyData(daemon, { from, to: scratch, bytes, signal });
      say(`${formatBytes(bytes)} of data of ${clone.of} copied. Scrubbing the copy: ${clone.scrub}`);
      await scrub(daemon, live, { ...wish, network });
      await pour(daemon, { from: scratch, to, signal });
    } finally {
      await scratch?.dispose();
      await removeNetwork(engine, network);
    }
  });
  say(`The database of ${preview.name} has the scrubbed data of ${clone.of}.`);
}

async function scrub(daemon: DaemonContext, live: StoredRelease, { clone, network, output, signal }: CloneWish & { network: string }): Promise<void> {
  const unit = migratingUnit(openUnits(daemon, live));
  const exitCode = await runOnce(daemon, unit.release, unit.snapshot, { name: 'scrub', command: clone.scrub, output, signal, place: { network, mounts: [] } });
  if (exitCode === 0) return;
  throw new RedControlError('PREVIEW_FAILED', `Expected the scrubbing of the copy (${clone.scrub}) to end with exit code 0, got ${exitCode}`, { hint: `The copy is thrown away, and ${clone.of} was not touched. The output is above.` });
}

/** By a dump, so that it takes the other's own password and version. */
async function pour(daemon: DaemonContext, { from, to, signal }: { from: ScratchDatabase; to: StoredDatabase; signal: AbortSignal }): Promise<void> {
  const tools = dataTools[from.kind];
  const dump = execToStream(from.engine, { container: from.containerName, command: tools.dump(from.access), user: toolUser, timeoutMs: pourTimeoutMs, signal });
  await runProgram(engineOf(daemon, to), { container: databaseContainer(daemon, to), command: tools.load(databaseAccess(daemon, to)), user: toolUser, timeoutMs: pourTimeoutMs, stdin: dump.output, signal });
  const end = await dump.ended;
  if (!isWholeDump(end)) throw new RedControlError('PREVIEW_FAILED', `Expected the scrubbed copy to be dumped whole, it ended with ${end.exitCode}: ${end.errorText.trim().slice(-1500)}`);
}
