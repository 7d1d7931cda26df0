import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseContainer, engineOf } from '../environment/index.ts';
import { dataTools, toolUser, type DataTools } from '../environment/databases/index.ts';
import { execInContainer } from '../engine/index.ts';
import type { StoredDatabase } from '../store/index.ts';

const timeoutsMs = { readOnly: 10 * 60_000, writable: 10 * 60_000, count: 10 * 60_000, size: 60_000 } as const satisfies Partial<Record<keyof DataTools, number>>;

/** Runs one of its tools' commands in a database's container; '' of one that has no such tool. Throws SERVICE_NOT_READY. */
export async function askDatabase(daemon: DaemonContext, stored: StoredDatabase, what: keyof typeof timeoutsMs): Promise<string> {
  const command = dataTools[stored.engine as Exclude<StoredDatabase['engine'], 'sqlite'>][what]?.(databaseAccess(daemon, stored));
  if (!command) return '';
  let said = '';
  const { exitCode } = await execInContainer(engineOf(daemon, stored), {
    container: databaseContainer(daemon, stored), command, user: toolUser, timeoutMs: timeoutsMs[what], onOutput: (chunk) => void (said = (said + chunk.toString()).slice(-1024 * 1024)),
  });
  if (exitCode !== 0) throw new RedControlError('SERVICE_NOT_READY', `Expected ${stored.engine} of ${stored.environment} to answer, it ended with ${exitCode}: ${said.trim().slice(-1000)}`);
  return said;
}
