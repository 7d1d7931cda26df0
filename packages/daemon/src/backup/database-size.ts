import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseContainer, engineOf } from '../environment/index.ts';
import { dataTools } from '../environment/databases/index.ts';
import { execInContainer } from '../engine/index.ts';
import type { StoredDatabase } from '../store/index.ts';

const sizeTimeoutMs = 60_000;

/** Of a database that runs; nothing of one that has no tables. */
export async function databaseSize(daemon: DaemonContext, stored: StoredDatabase): Promise<{ bytes: number; tables: number }> {
  const tools = dataTools[stored.engine as Exclude<StoredDatabase['engine'], 'sqlite'>];
  if (!tools.size) return { bytes: 0, tables: 0 };
  let said = '';
  const { exitCode } = await execInContainer(engineOf(daemon, stored), {
    container: databaseContainer(daemon, stored), command: tools.size(databaseAccess(daemon, stored)), user: '65534:65534', timeoutMs: sizeTimeoutMs, onOutput: (chunk) => void (said += chunk.toString()),
  });
  const [bytes, tables] = said.trim().split(/\s+/).map(Number);
  if (exitCode !== 0 || bytes === undefined || tables === undefined || Number.isNaN(bytes + tables)) {
    throw new RedControlError('SERVICE_NOT_READY', `Expected the ${stored.engine} of ${stored.environment} to tell its size, it ended with ${exitCode}: ${said.trim().slice(-500)}`);
  }
  return { bytes, tables };
}
