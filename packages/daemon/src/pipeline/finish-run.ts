import type { FailedTest, RedControlError, RunVerdict } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { endRun, previousVerdict, closeSteps, type StoredRun } from '../store/index.ts';
import { runEvent } from './run-event.ts';

export interface RunEnd {
  failure: RedControlError | undefined;
  failedTests: FailedTest[];
  /** The run's own signal: its reason says who stopped it. */
  signal: AbortSignal;
}

/** Writes the run's one verdict and tells it. */
export function finishRun(daemon: DaemonContext, run: StoredRun, { failure, failedTests, signal }: RunEnd): void {
  const verdict: RunVerdict = failure ? verdictOf(failure, signal) : 'succeeded';
  daemon.store.transition('run.ended', () => {
    closeSteps(daemon.store, run.id, daemon.clock.now());
    if (!endRun(daemon.store, run.id, { verdict, failedTests, at: daemon.clock.now(), ...(failure ? { error: failure.toJSON() } : {}) })) return;
    const kind = verdict === 'succeeded' && previousVerdict(daemon.store, run) === 'failed' ? 'run.recovered' : (`run.${verdict}` as const);
    const text = failure ? `${verdict}: ${failure.message}` : verdict;
    daemon.events.add(runEvent(daemon, run, kind, text, { error: failure?.toJSON() ?? null, failedTests: failedTests.map((failed) => failed.name) }));
  });
  daemon.events.flush();
  daemon.log.info(`run ${run.id} of ${run.project} (${run.ref} ${run.commit.slice(0, 8)}): ${verdict}${failure ? ` ${failure.code}: ${failure.message}` : ''}`);
}

function verdictOf(failure: RedControlError, signal: AbortSignal): RunVerdict {
  if (failure.code === 'RELEASE_SUPERSEDED' || (signal.aborted && signal.reason === 'superseded')) return 'superseded';
  return signal.aborted ? 'cancelled' : 'failed';
}
