import { formatDurationMs, type RunApp, type RunRecord, type RunStatus, type StepRecord, type StepStatus } from '@redcontrol/contract';
import type { Colors } from './output.ts';
import { plainLine } from './plain-text.ts';

/** A run's status with its mark and colour. */
export function runStatusText(status: RunStatus, colors: Colors): string {
  switch (status) {
    case 'succeeded': return colors.green('✓ succeeded');
    case 'failed': return colors.red('✗ failed');
    case 'cancelled': return colors.yellow('■ cancelled');
    case 'superseded': return colors.dim('↷ superseded');
    case 'queued': return colors.dim('○ queued');
    case 'preparing': case 'running': case 'releasing': return colors.cyan(`▶ ${status}`);
  }
}

export function stepMark(status: StepStatus, colors: Colors): string {
  switch (status) {
    case 'passed': return colors.green('✓');
    case 'failed': return colors.red('✗');
    case 'allowed-failure': return colors.yellow('!');
    case 'cancelled': return colors.yellow('■');
    case 'skipped': return colors.dim('–');
    case 'running': return colors.cyan('▶');
    case 'pending': return colors.dim('○');
  }
}

/** `✓ build 3.2s`, `✗ test 1.1s, exit code 1`. */
export function stepLine(step: StepRecord, { colors, now }: { colors: Colors; now: number }): string {
  const took = step.startedAt === null ? '' : ` ${colors.dim(formatDurationMs((step.finishedAt ?? now) - step.startedAt))}`;
  const exit = step.status === 'failed' && step.exitCode !== null ? colors.dim(`, exit code ${step.exitCode}`) : '';
  return `${stepMark(step.status, colors)} ${plainLine(step.name)}${took}${exit}${step.status === 'skipped' ? colors.dim(' skipped') : ''}`;
}

/** Whether a run concerns an app, and why: `▶ api: backend/server.js changed.` */
export function appLine({ concerned, text }: RunApp, colors: Colors): string {
  return concerned ? `${colors.cyan('▶')} ${plainLine(text)}` : colors.dim(`– ${plainLine(text)}`);
}

/** What a run is of: `main 1a2b3c4 Fix the cart`. */
export function runSubject(run: RunRecord, colors: Colors): string {
  return `${plainLine(run.ref)} ${colors.yellow(run.commit.slice(0, 7))} ${plainLine(run.message.split('\n')[0] ?? '')}`;
}

/** How long a run took, or takes until now. */
export function runDuration({ startedAt, finishedAt }: RunRecord, now: number): string {
  return startedAt === null ? '–' : formatDurationMs((finishedAt ?? now) - startedAt);
}
