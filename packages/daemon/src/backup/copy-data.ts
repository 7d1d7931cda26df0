import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseContainer, engineOf } from '../environment/index.ts';
import { dataTools, isWholeDump, toolUser } from '../environment/databases/index.ts';
import { execToStream } from '../engine/index.ts';
import type { StoredDatabase } from '../store/index.ts';
import type { ScratchDatabase } from './scratch-database.ts';

export type CopyWay = 'by its files' | 'by a dump';

/** From this size on, copying files beats dumping and loading, which builds every index anew. */
const filesFromBytes = 256 * 1024 ** 2;
const copyTimeoutMs = 3 * 3_600_000;

/** The way for an engine and a size; pure. Only PostgreSQL gives its files while it serves. */
export function copyWay(engine: StoredDatabase['engine'], bytes: number): CopyWay {
  return engine === 'postgres' && bytes >= filesFromBytes ? 'by its files' : 'by a dump';
}

/** Copies the data of a database that serves on into another. Throws MIGRATION_FAILED when the copy does not come to its end. */
export async function copyData(daemon: DaemonContext, copy: { from: StoredDatabase; to: ScratchDatabase; bytes: number; signal: AbortSignal; way?: CopyWay }): Promise<CopyWay> {
  const { from, to, signal } = copy;
  const way = copy.way ?? copyWay(from.engine, copy.bytes);
  const tools = dataTools[to.kind];
  const access = databaseAccess(daemon, from);
  const command = way === 'by its files' ? tools.copy?.(access) : tools.dump(access);
  if (!command) throw new RedControlError('INTERNAL', `Expected a way to copy ${to.kind} ${way}, there is none`);
  const source = execToStream(engineOf(daemon, from), { container: databaseContainer(daemon, from), command, user: toolUser, timeoutMs: copyTimeoutMs, signal });
  const taken = way === 'by its files' ? to.loadFiles(source.output) : to.load(source.output);
  await taken.catch(async (error: unknown) => {
    source.output.destroy();
    const end = await source.ended.catch(() => undefined);
    throw end && end.exitCode !== 0 ? copyFailed(from, end) : error;
  });
  const end = await source.ended;
  if (way === 'by a dump' ? !isWholeDump(end) : end.exitCode !== 0) throw copyFailed(from, end);
  return way;
}

function copyFailed(from: StoredDatabase, end: { exitCode: number; errorText: string }): RedControlError {
  return new RedControlError('MIGRATION_FAILED', `Expected the data of ${from.environment} to be copied, the ${from.engine} ended with ${end.exitCode}: ${end.errorText.trim().slice(-1500)}`, { hint: 'What is in use was not touched.' });
}
