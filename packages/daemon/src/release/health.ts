import { request } from 'node:http';
import { systemClock, type Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';

/** A single question may take this long; an app that is starting up may accept and then be silent. */
const answerWithinMs = 5_000;
const keptBodyBytes = 200;
/** Most apps listen within a moment after their start: the first questions follow each other closely, then ever less so. */
const firstWaitMs = 10;
const waitGrowth = 1.4;

export interface ReadyOptions {
  address: string;
  port: number;
  path: string;
  /** Statuses that count as ready; left out: any below 400. */
  statuses?: readonly number[] | undefined;
  timeoutMs: number;
  /** Longest time between two questions. */
  intervalMs: number;
  signal?: AbortSignal | undefined;
  /** Whether the app's container still runs: when it does not, waiting on has no sense. */
  isAlive: () => Promise<boolean>;
  clock?: Clock;
}

/**
 * Waits until an app answers its health path. One good answer is enough: it shows that the app listens and can serve.
 * Throws RELEASE_NOT_READY, with the last answer, when the time is up or the container has ended; the signal's reason
 * when that fires.
 */
export async function waitReady(options: ReadyOptions): Promise<void> {
  const clock = options.clock ?? systemClock;
  const until = clock.now() + options.timeoutMs;
  let last = 'no answer';
  for (let waitMs = Math.min(firstWaitMs, options.intervalMs); ; waitMs = Math.min(waitMs * waitGrowth, options.intervalMs)) {
    options.signal?.throwIfAborted();
    const answer = await askOnce(options, Math.max(Math.min(answerWithinMs, until - clock.now()), 1));
    if (answer.status !== undefined && isGood(answer.status, options.statuses)) return;
    if (answer.status !== undefined || !last.startsWith('status')) last = answer.text;
    if (!(await options.isAlive())) throw notReady(options, `its container ended; the last answer was: ${last}`);
    if (clock.now() + waitMs >= until) throw notReady(options, last);
    await clock.sleep(waitMs, options.signal);
  }
}

/** One question, now: whether the answer counts as ready. */
export async function answersNow(options: Pick<ReadyOptions, 'address' | 'port' | 'path' | 'statuses'>): Promise<boolean> {
  const { status } = await askOnce(options, answerWithinMs);
  return status !== undefined && isGood(status, options.statuses);
}

function isGood(status: number, statuses: readonly number[] | undefined): boolean {
  return statuses && statuses.length > 0 ? statuses.includes(status) : status < 400;
}

function askOnce(options: Pick<ReadyOptions, 'address' | 'port' | 'path' | 'signal'>, timeoutMs: number): Promise<{ status?: number; text: string }> {
  return new Promise((resolve) => {
    const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(options.signal ? [options.signal] : [])]);
    const sent = request(
      { host: options.address, port: options.port, path: options.path, agent: false, signal: limit, headers: { host: 'localhost', 'user-agent': 'RedControl' } },
      (response) => {
        const status = response.statusCode ?? 0;
        let body = '';
        response.on('data', (chunk: Buffer) => {
          if (body.length < keptBodyBytes) body += chunk.toString('utf8');
        });
        const done = () => resolve({ status, text: `status ${status}${body.trim() ? `: ${body.trim().slice(0, keptBodyBytes)}` : ''}` });
        response.once('end', done);
        response.once('error', done);
      },
    );
    sent.once('error', (error) => resolve({ text: limit.aborted ? `no answer within ${timeoutMs} ms` : error.message }));
    sent.end();
  });
}

function notReady(options: ReadyOptions, got: string): RedControlError {
  const wanted = options.statuses?.length ? `status ${options.statuses.join(' or ')}` : 'a status below 400';
  return new RedControlError('RELEASE_NOT_READY', `Expected ${options.path} on port ${options.port} to answer with ${wanted} within ${options.timeoutMs} ms, got ${got}`, {
    hint: 'See that the app listens on all addresses (0.0.0.0) at PORT, and that health.path and health.timeout in redcontrol.yml fit it.',
  });
}
