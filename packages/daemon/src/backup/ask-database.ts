import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseAccess, databaseContainer, engineOf } from '../environment/index.ts';
import { dataTools, type DataTools } from '../environment/databases/index.ts';
import { execInContainer } from '../engine/index.ts';
import type { StoredDatabase } from '../store/index.ts';

const askTimeoutMs = 10 * 60_000;

/** Runs one of its tools' commands in a database's container. */
export async function askDatabase(daemon: DaemonContext, stored: StoredDatabase, what: keyof Pick<DataTools, 'readOnly' | 'writable' | 'count'>): Promise<string> {
  const tools = dataTools[stored.engine as Exclude<StoredDatabase['engine'], 'sqlite'>];
  let said = '';
  const { exitCode } = await execInContainer(engineOf(daemon, stored), {
    container: databaseContainer(daemon, stored), command: tools[what](databaseAccess(daemon, stored)), user: '65534:65534', timeoutMs: askTimeoutMs, onOutput: (chunk) => void (said = (said + chunk.toString()).slice(-1024 * 1024)),
  });
  if (exitCode !== 0) throw new RedControlError('SERVICE_NOT_READY', `Expected ${stored.engine} of ${stored.environment} to answer, it ended with ${exitCode}: ${said.trim().slice(-1000)}`);
  return said;
}
