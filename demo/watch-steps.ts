import { formatDurationMs, type RunDetails, type StepRecord } from '@redcontrol/contract';
import { setTimeout as delay } from 'node:timers/promises';
import { runDetails } from './command-line.ts';
import { tell } from './tell.ts';

const lookEveryMs = 500;

/** Prints a line when a step begins and when it ends, until the run has its verdict. */
export async function watchSteps(run: number): Promise<RunDetails> {
  const told = new Map<number, string>();
  for (;;) {
    const details = await runDetails(run);
    for (const step of details.steps) {
      if (told.get(step.index) === step.status || step.status === 'pending') continue;
      told.set(step.index, step.status);
      tell(stepLine(step));
    }
    if (details.finishedAt !== null) return details;
    await delay(lookEveryMs);
  }
}

function stepLine({ name, status, command, startedAt, finishedAt }: StepRecord): string {
  if (status === 'running') return `  ▶ ${name}${command ? `: ${command}` : ''}`;
  const took = startedAt !== null && finishedAt !== null ? ` ${formatDurationMs(finishedAt - startedAt)}` : '';
  return `  ${status === 'passed' ? '✓' : status === 'failed' ? '✗' : '–'} ${name}${took}${status === 'passed' || status === 'failed' ? '' : ` (${status})`}`;
}
