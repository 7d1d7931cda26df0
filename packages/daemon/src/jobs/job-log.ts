import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DaemonContext } from '../context.ts';
import { databaseSecrets } from '../environment/index.ts';
import { openLogWriter, prepareMask, type ClosedLog } from '../logs/index.ts';
import { readSecrets } from '../secrets/index.ts';
import type { StoredJobRun } from '../store/index.ts';

const maxLogBytes = 10 * 1024 ** 2;
/** What an event and an error show of the log's end. */
const shownLines = 20;
const shownBytes = 3000;

export function jobLogPath(daemon: Pick<DaemonContext, 'options'>, id: number): string {
  return join(daemon.options.dataDirectory, 'job-logs', String(id), 'output.log');
}

export function removeJobLog(daemon: Pick<DaemonContext, 'options'>, id: number): Promise<void> {
  return rm(dirname(jobLogPath(daemon, id)), { recursive: true, force: true });
}

export interface JobLog {
  write(chunk: Buffer): Promise<void>;
  close(note?: string): Promise<ClosedLog>;
}

/**
 * Opens the masked, bounded log of a start for its attempt. What a daemon before this one has written of the attempt is
 * written anew: the container still has all of it.
 */
export async function openJobLog(daemon: DaemonContext, run: StoredJobRun): Promise<JobLog> {
  const path = jobLogPath(daemon, run.id);
  await mkdir(dirname(path), { recursive: true, mode: 0o750 });
  const file = await open(path, 'a', 0o640);
  await file.truncate(run.logBytes);
  await file.close();
  const secrets = Object.entries(readSecrets(daemon, run.project, [run.environment])).map(([name, value]) => ({ name, value }));
  const mask = prepareMask([...secrets, ...databaseSecrets(daemon, run.project, [run.environment])]).open();
  return openLogWriter({ path, mask, maxBytes: maxLogBytes });
}

/** The last lines of a log as it is stored, so with its secrets masked. */
export async function lastLogLines(path: string): Promise<string> {
  const exists = await stat(path).catch(() => undefined);
  if (!exists) return '';
  const file = await open(path, 'r');
  try {
    const start = Math.max(0, exists.size - shownBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(exists.size - start), 0, exists.size - start, start);
    return buffer.subarray(0, bytesRead).toString('utf8').trimEnd().split('\n').slice(-shownLines).join('\n');
  } finally {
    await file.close();
  }
}
