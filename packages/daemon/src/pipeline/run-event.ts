import type { EventKind } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { NewEvent, StoredRun } from '../store/index.ts';

/** An event about a run, with what a reader needs to show it without asking back. */
export function runEvent(daemon: Pick<DaemonContext, 'clock'>, run: StoredRun, kind: EventKind, text: string, data: Record<string, unknown> = {}): NewEvent {
  return {
    at: daemon.clock.now(), kind, project: run.project, environment: null, runId: run.id, text: `run ${run.id} (${run.ref}) ${text}`,
    data: { ref: run.ref, commit: run.commit, message: run.message, author: run.author, authorEmail: run.authorEmail, environments: run.environments, trigger: run.trigger, ...data },
  };
}
