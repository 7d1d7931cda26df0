import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { followContainerLogs, inspectContainer, startContainer, stopContainer, waitContainer, type ContainerState, type Engine } from '../engine/index.ts';
import { engineOf } from '../environment/index.ts';
import { appContainerSpec, openUnits, shellCommand } from '../release/index.ts';
import { getJobRun, liveRelease, startJobRun, type StoredJobRun } from '../store/index.ts';
import { openJobLog } from './job-log.ts';

/** How one attempt went. */
export interface AttemptEnd {
  outcome: 'exited' | 'timed-out' | 'cancelled';
  exitCode: number | null;
  error: RedControlError | undefined;
  /** The checksum is null where nothing was written. */
  log: { bytes: number; sha256: string | null };
}

/** Between the signal that asks a job to end and the kill of all its processes. */
const stopMs = 10_000;
/** Under load the app that people wait for comes first. */
const jobCpuShares = 512;

/** Name of the container of a start's attempt: found again by it after any death of the daemon. */
export function jobContainerName(daemon: DaemonContext, run: StoredJobRun): string {
  return `rc-${daemon.options.instance}-job-${run.id}-${run.attempt}`;
}

/**
 * Starts the attempt's container, or finds it, and sees it to its end; undefined when the daemon stops first: the
 * container runs on. `cancelled` fires when somebody wants it to end. Throws what keeps it from being started.
 */
export async function runAttempt(daemon: DaemonContext, run: StoredJobRun, signals: { cancelled: AbortSignal; shutdown: AbortSignal }): Promise<AttemptEnd | undefined> {
  const engine = engineOf(daemon, run);
  const container = await ensureContainer(daemon, engine, run);
  const startedAt = getJobRun(daemon.store, run.id)?.startedAt ?? daemon.clock.now();
  const log = await openJobLog(daemon, run);
  const stopReading = new AbortController();
  const reading = AbortSignal.any([stopReading.signal, signals.shutdown]);
  const followed = followContainerLogs(engine, container.id, { lines: 'all', onOutput: (chunk) => log.write(chunk), signal: reading }).catch((error: unknown) => daemon.log.error(`the log of job ${run.job} was cut`, error));
  const outcome = await waitForEnd(daemon, engine, { id: container.id, leftMs: startedAt + run.spec.timeoutMs - daemon.clock.now(), ...signals });
  if (outcome === 'shutdown') {
    await followed;
    await log.close();
    return undefined;
  }
  if (outcome !== 'exited') await stopContainer(engine, container.id, { signal: 'SIGTERM', timeoutMs: stopMs });
  await followed;
  stopReading.abort();
  const ended = await inspectContainer(engine, container.id);
  const error = outcome === 'exited' ? errorOf(run, ended) : undefined;
  return { outcome, exitCode: ended?.exitCode ?? null, error, log: await log.close(noteOf(getJobRun(daemon.store, run.id) ?? run, outcome, ended)) };
}

async function ensureContainer(daemon: DaemonContext, engine: Engine, run: StoredJobRun): Promise<ContainerState> {
  const name = jobContainerName(daemon, run);
  const known = await inspectContainer(engine, name);
  if (!known && run.status === 'running') throw new RedControlError('INTERRUPTED', `Expected the container of job ${run.job} to be there, it is gone`);
  const release = liveRelease(daemon.store, run.project, run.environment);
  if (!known) {
    if (!release) throw new RedControlError('NOT_FOUND', `Expected a live release of ${run.environment} for job ${run.job}, there is none`, { hint: 'Deploy first.' });
    const unit = openUnits(daemon, release).find(({ release: { app } }) => app === run.spec.app);
    if (!unit) throw new RedControlError('NOT_FOUND', `Expected the app ${run.spec.app ?? 'without a name'} in the live release of ${run.environment} for job ${run.job}, it is not there`, { hint: 'Deploy first.' });
    const spec = appContainerSpec(daemon, unit.release, unit.snapshot);
    await startContainer(engine, {
      ...spec, name, command: shellCommand(run.spec.command),
      variables: { ...spec.variables, REDCONTROL_JOB: run.job, REDCONTROL_JOB_START: String(run.id), REDCONTROL_JOB_ATTEMPT: String(run.attempt) },
      labels: { role: 'job', project: run.project, environment: run.environment, name: run.job, run: run.id },
      memoryBytes: run.spec.memoryBytes, cpuShares: jobCpuShares, restart: 'no',
    });
  }
  const container = known ?? (await inspectContainer(engine, name));
  if (!container) throw new RedControlError('INTERRUPTED', `Expected the container of job ${run.job} to be there, it is gone`);
  if (run.status === 'due') {
    const at = container.startedAt === undefined ? daemon.clock.now() : Date.parse(container.startedAt);
    daemon.store.transition('job.running', () => startJobRun(daemon.store, run.id, { release: release?.number ?? 0, at }));
  }
  return container;
}

/** What came first: its own end, the end of its time, somebody's wish, or the daemon's stop. */
async function waitForEnd(daemon: DaemonContext, engine: Engine, options: { id: string; leftMs: number; cancelled: AbortSignal; shutdown: AbortSignal }): Promise<'exited' | 'timed-out' | 'cancelled' | 'shutdown'> {
  const waiting = new AbortController();
  const fired = (signal: AbortSignal) => (signal.aborted ? Promise.resolve() : new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true, signal: waiting.signal })));
  try {
    return await Promise.race([
      waitContainer(engine, options.id, waiting.signal).then(() => 'exited' as const),
      daemon.clock.sleep(Math.max(options.leftMs, 0), waiting.signal).then(() => 'timed-out' as const),
      fired(options.cancelled).then(() => 'cancelled' as const),
      fired(options.shutdown).then(() => 'shutdown' as const),
    ]);
  } finally {
    waiting.abort();
  }
}

function errorOf(run: StoredJobRun, ended: ContainerState | undefined): RedControlError | undefined {
  if (!ended) return new RedControlError('INTERRUPTED', `Expected the container of job ${run.job} to end, it was removed`);
  if (ended.exitCode === 0) return undefined;
  const memory = ended.oomKilled ? { hint: 'It took more than its `memory`: give it more, or let it do less at a time.' } : {};
  return new RedControlError('JOB_FAILED', `Expected job ${run.job} to end with exit code 0, got ${ended.exitCode}`, memory);
}

function noteOf(run: StoredJobRun, outcome: AttemptEnd['outcome'], ended: ContainerState | undefined): string | undefined {
  if (outcome === 'timed-out') return 'stopped: its time was over';
  if (outcome === 'cancelled') return `stopped by ${run.cancelledBy ?? 'the next start'}`;
  if (ended?.exitCode === 0) return undefined;
  return `attempt ${run.attempt} ended with exit code ${ended?.exitCode ?? 'unknown'}`;
}
