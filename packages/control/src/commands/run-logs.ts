import { once } from 'node:events';
import { RedControlError, type RunDetails, type StepRecord } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { createLogFilter } from '../output/log-filter.ts';
import { plainLine } from '../output/plain-text.ts';
import { readStepLog } from '@redcontrol/client/runs/follow-log';
import { followRun, isOver } from '@redcontrol/client/runs/follow-run';
import { withHint } from '../runs/watch-run.ts';

interface LogsOptions {
  follow?: boolean;
  step?: string;
}

/** `redcontrol run logs RUN [-f] [--step NAME]` */
export function defineRunLogs(command: Command, cli: Cli): void {
  command
    .argument('<run>', 'number of the run', positiveNumber)
    .option('-f, --follow', 'go on until the run is over')
    .option('--step <name>', 'only this step, by name or number')
    .addHelpText('after', '\nOn a terminal only colours of the output are kept; into a file or pipe it goes byte for byte. Each closed log is checked against its SHA-256.')
    .action(action(cli, async (context, options: LogsOptions, run: number) => {
      await withProject(context, {}, async ({ client }) => {
        const details = await client.call('run.show', { run }, { signal: context.signal });
        const only = options.step === undefined ? undefined : chosenStep(details, options.step);
        if (options.follow && !isOver(details.status)) await followLogs(context, client, details, only).catch((error: unknown) => { throw withHint(error, `The run goes on. Go on reading: redcontrol run logs ${run} -f`); });
        else for (const step of details.steps) if (only === undefined || step.index === only) await printLog(context, client, { run, step, follow: false });
      });
    }));
}

/** Prints the steps' logs in their order, each as it grows, while the run is watched. */
async function followLogs(context: CommandContext, client: DaemonClient, { id }: RunDetails, only: number | undefined): Promise<void> {
  const begun = new Set<number>();
  let printing = Promise.resolve();
  await followRun(client, id, {
    signal: context.signal,
    onChange: ({ steps }) => {
      for (const step of steps) {
        const isWanted = only === undefined || step.index === only;
        if (!isWanted || begun.has(step.index) || step.startedAt === null) continue;
        begun.add(step.index);
        printing = printing.then(() => printLog(context, client, { run: id, step, follow: true }));
        // An error is thrown where the logs are waited for.
        printing.catch(() => {});
      }
    },
  });
  await printing;
}

async function printLog({ cli, out, signal }: CommandContext, client: DaemonClient, { run, step, follow }: { run: number; step: StepRecord; follow: boolean }): Promise<void> {
  const filter = createLogFilter();
  if (!out.json) out.note(out.colors.bold(`── ${plainLine(step.name)} ──`));
  const write = async (text: string | Buffer) => {
    if (text.length === 0) return;
    if (out.json) return out.printJsonLine({ run, step: step.index, name: step.name, text: text.toString() });
    // A slow reader is waited for, so that the log does not pile up in memory.
    if (!cli.stdout.write(text)) await once(cli.stdout, 'drain');
  };
  const isPlain = cli.stdout.isTTY === true || out.json;
  await readStepLog(client, { run, step: step.index }, { signal, follow, onBytes: (bytes) => write(isPlain ? filter.push(bytes) : bytes) });
  if (isPlain) await write(filter.end());
}

function chosenStep({ id, steps }: RunDetails, wanted: string): number {
  const found = steps.find(({ name, index }) => name === wanted || String(index) === wanted);
  if (found) return found.index;
  throw new RedControlError('NOT_FOUND', `Expected one of the steps ${steps.map(({ name }) => name).join(', ')} of run ${id}, got ${JSON.stringify(wanted)}`);
}
