import { runVerdicts, type RunDetails, type RunStatus } from '@redcontrol/contract';
import type { DaemonClient } from '../daemon-client.ts';
import { createBell } from './bell.ts';

/** How long no event is trusted; then the run is asked for again. */
const lookAgainMs = 2_000;

/** Whether a run has its verdict. */
export function isOver(status: RunStatus): boolean {
  return (runVerdicts as readonly string[]).includes(status);
}

/** Watches a run until its verdict. `onChange` sees it at the beginning and after each event. Throws CANCELLED. */
export async function followRun(client: DaemonClient, run: number, { signal, onChange }: { signal: AbortSignal; onChange: (run: RunDetails) => void | Promise<void> }): Promise<RunDetails> {
  const change = createBell();
  const stop = client.on('event', ({ runId }) => runId === run && change.ring());
  try {
    await client.call('events.follow', {}, { signal });
    for (;;) {
      const details = await client.call('run.show', { run }, { signal });
      await onChange(details);
      if (isOver(details.status)) return details;
      await change.next(signal, lookAgainMs);
    }
  } finally {
    stop();
  }
}
