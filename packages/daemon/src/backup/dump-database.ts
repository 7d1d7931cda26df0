import { RedControlError, type RowCount } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseContainer, engineOf } from '../environment/index.ts';
import { dataTools, isWholeDump, parseRows, toolUser } from '../environment/databases/index.ts';
import { execToStream } from '../engine/index.ts';
import type { StoredDatabase } from '../store/index.ts';

const dumpTimeoutMs = 6 * 3_600_000;

/** Hands on a dump of a database that serves on, as its own program makes it, and answers what is in it. A slow reader holds it back. Throws BACKUP_FAILED or CANCELLED. */
export async function dumpDatabase(daemon: DaemonContext, stored: StoredDatabase, options: { onData: (chunk: Buffer) => Promise<void>; signal: AbortSignal }): Promise<{ bytes: number; rows: RowCount[] }> {
  const tools = dataTools[stored.engine as Exclude<StoredDatabase['engine'], 'sqlite'>];
  const dump = execToStream(engineOf(daemon, stored), { container: databaseContainer(daemon, stored), command: tools.dump(databaseAccess(daemon, stored)), user: toolUser, timeoutMs: dumpTimeoutMs, signal: options.signal });
  let bytes = 0;
  for await (const chunk of dump.output) {
    bytes += (chunk as Buffer).length;
    await options.onData(chunk as Buffer);
  }
  const end = await dump.ended;
  if (end.outcome === 'cancelled') throw new RedControlError('CANCELLED', 'The dump was cancelled');
  if (isWholeDump(end)) return { bytes, rows: parseRows(end.errorText) };
  throw new RedControlError('BACKUP_FAILED', `Expected the dump of ${stored.engine} to end whole, it ended with ${end.exitCode}: ${end.errorText.trim().slice(-1500)}`);
}
