import type { DaemonContext } from '../context.ts';
import { runEvent } from './run-event.ts';
import { endRun, getRun, listOpenRuns, type StoredRun } from '../store/index.ts';

export type StopReason = 'cancelled' | 'superseded' | 'shutdown';

/** Starts queued runs, oldest first, as many at a time as allowed, never two of one ref at once. */
export interface RunQueue {
  /** Looks for runs to start; cheap, called after anything that may have queued or ended one. */
  wake(): void;
  /** Stops a run wherever it is; false when it has its verdict already. */
  stop(runId: number, reason: StopReason): boolean;
  /** Resolves when no run is under way. */
  settled(): Promise<void>;
  /** Stops what runs, without a verdict: the next start of the daemon goes on with it. */
  close(): Promise<void>;
}

export function createRunQueue(daemon: DaemonContext, start: (run: StoredRun, signal: AbortSignal) => Promise<void>): RunQueue {
  const running = new Map<number, { run: StoredRun; controller: AbortController; done: Promise<void> }>();
  let closed = false;

  const wake = () => {
    if (closed) return;
    for (const run of listOpenRuns(daemon.store)) {
      if (running.size >= daemon.options.runConcurrency) return;
      if (run.status !== 'queued' || running.has(run.id) || [...running.values()].some((other) => sameRef(other.run, run))) continue;
      const controller = new AbortController();
      const done = start(run, controller.signal)
        .catch((error: unknown) => daemon.log.error(`run ${run.id} broke off`, error))
        .finally(() => {
          running.delete(run.id);
          wake();
        });
      running.set(run.id, { run, controller, done });
    }
  };

  return {
    wake,
    stop(runId, reason) {
      const active = running.get(runId);
      if (active) {
        active.controller.abort(reason);
        return true;
      }
      if (getRun(daemon.store, runId)?.status !== 'queued') return false;
      return endQueued(daemon, runId, reason === 'superseded' ? 'superseded' : 'cancelled');
    },
    async settled() {
      while (running.size > 0) await Promise.all([...running.values()].map((one) => one.done));
    },
    async close() {
      closed = true;
      for (const one of running.values()) one.controller.abort('shutdown');
      await Promise.all([...running.values()].map((one) => one.done));
    },
  };
}

function sameRef(a: StoredRun, b: StoredRun): boolean {
  return a.project === b.project && a.ref === b.ref && a.refKind === b.refKind;
}

function endQueued(daemon: DaemonContext, runId: number, verdict: 'cancelled' | 'superseded'): boolean {
  const ended = daemon.store.transition('run.ended', () => {
    const changed = endRun(daemon.store, runId, { verdict, at: daemon.clock.now() });
    const run = getRun(daemon.store, runId)!;
    if (changed) daemon.events.add(runEvent(daemon, run, `run.${verdict}`, verdict));
    return changed;
  });
  daemon.events.flush();
  return ended;
}
