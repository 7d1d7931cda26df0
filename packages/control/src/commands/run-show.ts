import type { RunDetails } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { appLine, runDuration, runStatusText, runSubject, stepLine } from '../output/run-words.ts';

/** `redcontrol run show RUN` */
export function defineRunShow(command: Command, cli: Cli): void {
  command.argument('<run>', 'number of the run', positiveNumber).action(action(cli, async (context, _options: object, run: number) => {
    const details = await withProject(context, {}, ({ client }) => client.call('run.show', { run }, { signal: context.signal }));
    if (context.out.json) return context.out.printJson(details);
    printRun(context, details);
  }));
}

function printRun({ out, cli }: CommandContext, run: RunDetails): void {
  const { colors } = out;
  const now = cli.now();
  out.print(`${colors.bold(`run ${run.id}`)} ${runStatusText(run.status, colors)}  ${runSubject(run, colors)}`);
  out.print(`by ${plainLine(run.author)}, ${run.trigger}${run.startedBy ? ` (${plainLine(run.startedBy)})` : ''}, ${relativeTime(run.createdAt, now)}, took ${runDuration(run, now)}, revision ${run.revision}`);
  if (run.environments.length > 0) out.print(`deploys to ${run.environments.join(', ')}`);
  for (const app of run.apps ?? []) out.print(`  ${appLine(app, colors)}`);
  out.print();
  if (run.apps && run.apps.every(({ concerned }) => !concerned)) out.print(colors.dim('  Nothing to do: no app is concerned.'));
  for (const step of run.steps) out.print(`  ${stepLine(step, { colors, now })}`);
  if (run.failedTests.length > 0) out.print(`\n${run.failedTests.length} failed ${run.failedTests.length === 1 ? 'test' : 'tests'}:`);
  for (const test of run.failedTests) out.print(`  ${colors.red('✗')} ${plainLine(`${test.suite} › ${test.name}`)}${test.message ? `\n    ${colors.dim(plainLine(test.message))}` : ''}`);
  if (run.error) out.print(`\n${colors.red(run.error.code)}: ${plainLine(run.error.message)}${run.error.hint ? `\n${colors.cyan('hint:')} ${plainLine(run.error.hint)}` : ''}`);
}
