import { formatDurationMs, type JobRunRecord, type JobRunStatus, type JobState } from '@redcontrol/contract';
import type { Colors } from './output.ts';

/** The state of a start of a job with its mark and colour. */
export function jobRunText(status: JobRunStatus, colors: Colors): string {
  switch (status) {
    case 'succeeded': return colors.green('✓ succeeded');
    case 'failed': return colors.red('✗ failed');
    case 'timed-out': return colors.red('✗ timed out');
    case 'cancelled': return colors.yellow('■ cancelled');
    case 'skipped': return colors.dim('– skipped');
    case 'missed': return colors.yellow('! missed');
    case 'due': return colors.dim('○ due');
    case 'running': return colors.cyan('▶ running');
  }
}

export function jobStateText({ state, open }: JobState, colors: Colors): string {
  if (state === 'paused') return colors.yellow('‖ paused');
  if (open > 0) return colors.cyan('▶ running');
  switch (state) {
    case 'failing': return colors.red('✗ failing');
    case 'ok': return colors.green('● ok');
    case 'waiting': return colors.dim('○ not run yet');
  }
}

export function jobRunDuration({ startedAt, finishedAt }: JobRunRecord, now: number): string {
  return startedAt === null ? '–' : formatDurationMs((finishedAt ?? now) - startedAt);
}
