import { once } from 'node:events';
import { isErrorCode, isJobRunOver, RedControlError, type JobRunRecord } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { CommandContext } from '../cli/command-context.ts';
import { createLogFilter } from '../output/log-filter.ts';
import { withHint } from '../runs/watch-run.ts';

/** How long the daemon may wait for the next bytes before it answers. */
const waitMs = 10_000;

export interface JobLogOptions {
  project: string;
  environment: string;
  job: string;
  /** Number of the start. */
  start: number;
  /** Go on until the start has its end. */
  follow: boolean;
}

/** Prints the log of a start, byte for byte into a pipe, and answers the start as it was at the end. */
export async function printJobLog({ cli, out, signal }: CommandContext, client: DaemonClient, { follow, ...log }: JobLogOptions): Promise<JobRunRecord> {
  const filter = createLogFilter();
  const isPlain = cli.stdout.isTTY === true || out.json;
  const write = async (text: string | Buffer) => {
    if (text.length === 0) return;
    if (out.json) return out.printJsonLine({ start: log.start, job: log.job, text: text.toString() });
    if (!cli.stdout.write(text)) await once(cli.stdout, 'drain');
  };
  for (let offset = 0; ; ) {
    const part = await client.call('job.log', { ...log, offset, waitMs: follow ? waitMs : 0 }, { signal });
    const bytes = Buffer.from(part.data, 'base64');
    await write(isPlain ? filter.push(bytes) : bytes);
    offset = part.nextOffset;
    if (offset < part.totalBytes) continue;
    if (!part.closed && follow) continue;
    if (isPlain) await write(filter.end());
    return part.run;
  }
}

/** After Ctrl-C the job goes on: the error says how to stop it. */
export function jobHint(error: unknown, { job, environment }: { job: string; environment: string }): unknown {
  return withHint(error, `The job goes on on the server. Stop it: redcontrol job cancel ${job} -e ${environment}`);
}

/** What a start that did not succeed ends the command with. */
export function jobEndError({ status, error, job }: JobRunRecord): RedControlError | undefined {
  if (status === 'succeeded' || !isJobRunOver(status)) return undefined;
  if (status === 'cancelled') return new RedControlError('CANCELLED', `Job ${job} was cancelled`);
  const code = error && isErrorCode(error.code) ? error.code : 'JOB_FAILED';
  return new RedControlError(code, error?.message ?? `Expected job ${job} to succeed, it ${status}`, error?.hint ? { hint: error.hint } : {});
}
