import { isErrorCode, RedControlError, type RunDetails, type StepRecord } from '@redcontrol/contract';
import type { CommandContext } from '../cli/command-context.ts';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { createLiveLine } from '../output/live-line.ts';
import { createLogFilter } from '../output/log-filter.ts';
import { plainLine } from '../output/plain-text.ts';
import { runDuration, runStatusText, runSubject, stepLine } from '../output/run-words.ts';
import { followRun } from '@redcontrol/client/runs/follow-run';

/** Lines of a failed step's log that are shown with the failure. */
const shownLogLines = 30;
const shownLogBytes = 16_384;
const shownFailedTests = 20;

/**
 * Shows a run's steps as they go, until its verdict. Returns normally only when it succeeded; else it throws the
 * run's error. Ctrl-C ends only the watching: the run goes on on the server.
 */
export async function watchRun(context: CommandContext, client: DaemonClient, run: number): Promise<void> {
  const { out, cli, signal } = context;
  const live = createLiveLine(cli, { isQuiet: out.json });
  const told = new Set<number>();
  let isFirst = true;
  const details = await followRun(client, run, {
    signal,
    onChange: (now) => {
      live.clear();
      if (isFirst) out.note(`${out.colors.bold(`run ${now.id}`)} ${runSubject(now, out.colors)}`);
      isFirst = false;
      for (const step of now.steps) tellStep(context, step, told);
      live.show(() => liveText(context, now));
    },
  }).catch((error: unknown) => {
    throw withHint(error, `The run goes on on the server. See it: redcontrol run logs ${run} -f. Stop it: redcontrol run cancel ${run}`);
  }).finally(() => live.clear());
  if (out.json) out.printJson(details);
  else out.print(`${runStatusText(details.status, out.colors)} run ${details.id} in ${runDuration(details, cli.now())}`);
  if (details.status === 'succeeded') return;
  await tellFailure(context, client, details);
  throw verdictError(details);
}

/** After Ctrl-C: the error that says how to go on. Any other error is left as it is. */
export function withHint(thrown: unknown, hint: string): unknown {
  if (!(thrown instanceof RedControlError) || thrown.code !== 'CANCELLED') return thrown;
  return new RedControlError('CANCELLED', 'Cancelled here', { hint, cause: thrown });
}

function tellStep({ out, cli }: CommandContext, step: StepRecord, told: Set<number>): void {
  if (told.has(step.index) || step.status === 'pending' || step.status === 'running') return;
  told.add(step.index);
  out.note(`  ${stepLine(step, { colors: out.colors, now: cli.now() })}`);
}

function liveText({ out, cli }: CommandContext, run: RunDetails): string {
  const step = run.steps.find(({ status }) => status === 'running');
  if (step) return `  ${stepLine(step, { colors: out.colors, now: cli.now() })}`;
  return `  ${runStatusText(run.status, out.colors)}${run.environments.length > 0 && run.status === 'releasing' ? ` to ${run.environments.join(', ')}` : ''}`;
}

async function tellFailure(context: CommandContext, client: DaemonClient, run: RunDetails): Promise<void> {
  const { out, signal } = context;
  for (const test of run.failedTests.slice(0, shownFailedTests)) {
    out.note(`  ${out.colors.red('✗')} ${plainLine(`${test.suite} › ${test.name}`)}${test.message ? out.colors.dim(` ${plainLine(test.message).slice(0, 200)}`) : ''}`);
  }
  if (run.failedTests.length > shownFailedTests) out.note(`  and ${run.failedTests.length - shownFailedTests} more failed tests`);
  const failed = run.steps.find(({ status }) => status === 'failed');
  if (!failed || out.json) return;
  const tail = await logTail(client, run.id, failed, signal);
  if (tail.length > 0) out.note(out.colors.dim(`  the end of ${plainLine(failed.name)}'s log:`));
  for (const line of tail) out.note(`  ${out.colors.dim('|')} ${line}`);
}

async function logTail(client: DaemonClient, run: number, step: StepRecord, signal: AbortSignal): Promise<string[]> {
  const offset = Math.max(0, step.logBytes - shownLogBytes);
  const { data } = await client.call('log.read', { run, step: step.index, offset, limit: shownLogBytes }, { signal });
  const filter = createLogFilter();
  const text = filter.push(Buffer.from(data, 'base64')) + filter.end();
  // The first line may be the end of a longer one.
  const lines = text.trimEnd().split('\n').slice(offset === 0 ? 0 : 1);
  return lines.filter((line) => line.length > 0).slice(-shownLogLines);
}

function verdictError(run: RunDetails): RedControlError {
  if (run.status === 'cancelled') return new RedControlError('CANCELLED', `Run ${run.id} was cancelled`, { hint: `Start it again: redcontrol run retry ${run.id}` });
  if (run.status === 'superseded') return new RedControlError('RELEASE_SUPERSEDED', `Expected run ${run.id} to go to its end, a newer commit took its place`, { hint: 'See it: redcontrol runs' });
  const { error } = run;
  const code = error && isErrorCode(error.code) ? error.code : 'STEP_FAILED';
  return new RedControlError(code, error?.message ?? `Expected run ${run.id} to succeed, it failed`, { hint: error?.hint ?? `The whole log: redcontrol run logs ${run.id}` });
}
