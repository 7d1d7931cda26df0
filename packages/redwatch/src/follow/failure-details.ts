import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { FailureDetails } from '../notices/message.ts';

const shownLines = 4;
const tailBytes = 4_096;
const timeoutMs = 5_000;

/** The failed step of a run and its last lines; what cannot be had in 5 s is left out. */
export async function failureDetails(client: DaemonClient, run: number): Promise<FailureDetails | undefined> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const { steps } = await client.call('run.show', { run }, { signal });
    const failed = steps.find(({ status }) => status === 'failed');
    if (!failed) return undefined;
    const { data } = await client.call('log.read', { run, step: failed.index, offset: Math.max(0, failed.logBytes - tailBytes), limit: tailBytes }, { signal });
    const lines = Buffer.from(data, 'base64').toString('utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '');
    return { step: failed.name, lastLines: lines.slice(-shownLines) };
  } catch {
    return undefined;
  }
}
