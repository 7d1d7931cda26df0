import { isErrorCode, RedControlError } from '@redcontrol/contract';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { closeLeftLog } from '../logs/index.ts';
import { logDirectory, stepLogPath } from './run-context.ts';
import { runEvent } from './run-event.ts';
import type { DaemonContext } from '../context.ts';
import { listContainers, listNetworks, removeContainer, removeNetwork } from '../engine/index.ts';
import { endRun, endStep, listOpenRuns, listReleases, listSteps, requeueRun, closeSteps, type StoredRun } from '../store/index.ts';

/** How often a run is begun, when the daemon or the engine is stopped in the middle of it. */
const maxAttempts = 3;

/**
 * After a start, once the releases have their end: removes what interrupted runs left, and gives each of them its
 * verdict where one is due, or puts it back into the queue.
 */
export async function recoverRuns(daemon: DaemonContext): Promise<void> {
  await removeRunLeftovers(daemon);
  for (const run of listOpenRuns(daemon.store)) if (run.status !== 'queued') await endInterrupted(daemon, run, 'The daemon was stopped here.');
}

/** Ends a run that was broken off, with the verdict that its releases make due, or puts it back into the queue. `why` is a line for the logs of its steps. */
export async function endInterrupted(daemon: DaemonContext, run: StoredRun, why: string): Promise<void> {
  const verdict = verdictOfInterrupted(daemon, run);
  if (verdict) await closeLeftSteps(daemon, run.id, why);
  else await rm(logDirectory(daemon, run.id), { recursive: true, force: true });
  daemon.store.transition('run.ended', () => {
    if (!verdict) return requeueRun(daemon.store, run.id);
    closeSteps(daemon.store, run.id, daemon.clock.now());
    endRun(daemon.store, run.id, { verdict: verdict.verdict, at: daemon.clock.now(), ...(verdict.error ? { error: verdict.error.toJSON() } : {}) });
    const kind = verdict.verdict === 'succeeded' ? 'run.succeeded' : 'run.failed';
    daemon.events.add(runEvent(daemon, run, kind, verdict.verdict, { error: verdict.error?.toJSON() ?? null }));
  });
  daemon.log.info(`run ${run.id} was interrupted: ${verdict ? verdict.verdict : `begins again, attempt ${run.attempt + 1}`}`);
  daemon.events.flush();
}

/** Steps that were under way when the daemon was stopped: their logs end where they are. */
async function closeLeftSteps(daemon: DaemonContext, runId: number, why: string): Promise<void> {
  for (const step of listSteps(daemon.store, runId)) {
    if (step.status !== 'running') continue;
    const log = await closeLeftLog(stepLogPath(daemon, runId, step), why);
    daemon.store.transaction(() => endStep(daemon.store, runId, step.index, { status: 'cancelled', exitCode: null, logBytes: log.bytes, logSha256: log.sha256, at: daemon.clock.now() }));
  }
}

function verdictOfInterrupted(daemon: DaemonContext, run: StoredRun): { verdict: 'succeeded' | 'failed'; error?: RedControlError } | undefined {
  const released = run.environments.map((environment) => listReleases(daemon.store, { project: run.project, environment, limit: 1 })[0]);
  const mine = released.filter((release) => release?.runId === run.id);
  if (run.environments.length > 0 && mine.length === run.environments.length && mine.every((release) => release?.state === 'live')) return { verdict: 'succeeded' };
  const error = mine.find((release) => release?.state === 'reverted' || release?.state === 'failed')?.error;
  if (error && error.code !== 'INTERRUPTED' && error.code !== 'ENGINE_UNAVAILABLE') return { verdict: 'failed', error: new RedControlError(isErrorCode(error.code) ? error.code : 'INTERNAL', error.message, { hint: error.hint }) };
  if (run.attempt >= maxAttempts) return { verdict: 'failed', error: new RedControlError('INTERNAL', `Expected the run to reach its end, the daemon or the engine was stopped in the middle of it ${maxAttempts} times`) };
  return undefined;
}

async function removeRunLeftovers(daemon: DaemonContext): Promise<void> {
  for (const role of ['run', 'service'] as const) {
    for (const container of await listContainers(daemon.engine, { role })) await removeContainer(daemon.engine, container.id);
  }
  const prefix = `rc-${daemon.options.instance}-run-`;
  for (const network of await listNetworks(daemon.engine, { role: 'network' })) if (network.startsWith(prefix)) await removeNetwork(daemon.engine, network);
  await rm(join(daemon.options.dataDirectory, 'work'), { recursive: true, force: true });
}
