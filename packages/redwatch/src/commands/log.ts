import { InvalidArgumentError, type Command } from 'commander';
import { RedControlError, type RunDetails } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { createBell } from '@redcontrol/client/runs/bell';
import { readStepLog } from '@redcontrol/client/runs/follow-log';
import { isOver } from '@redcontrol/client/runs/follow-run';
import type { CommandContext } from '../cli/command-context.ts';
import { plainLine } from '../cli/plain-line.ts';
import type { Bind } from '../program.ts';
import { withProject, type FoundProject } from '../servers/find-project.ts';
import { runLine } from './run-words.ts';

const lookAgainMs = 2_000;

export function defineLog(program: Command, bind: Bind): void {
  program.command('log')
    .description('log of a run (default: the newest of this branch)')
    .argument('[run]', 'number of the run', runNumber)
    .option('-f, --follow', 'go on until the run is over')
    .action(bind(log));
}

async function log(context: CommandContext, number: number | undefined, { follow = false }: { follow?: boolean }): Promise<void> {
  await withProject(context, async (found) => {
    const { client } = found;
    const run = number ?? await newestRun(found, context);
    const details = await client.call('run.show', { run }, { signal: context.signal });
    if (details.project !== found.project.name) throw new RedControlError('NOT_FOUND', `Expected a run of ${found.project.name}, run ${run} is one of ${details.project}`);
    if (!context.global.json) context.note(runLine(details, context));
    if (follow) await client.call('events.follow', {}, { signal: context.signal });
    const last = await printSteps(context, client, { run, follow });
    if (context.global.json) context.printJson({ run: last });
    else if (follow) context.note(runLine(last, context));
  });
}

/** Prints one step after the other; with `follow`, those that are still to come as they start. */
async function printSteps(context: CommandContext, client: DaemonClient, { run, follow }: { run: number; follow: boolean }): Promise<RunDetails> {
  const change = createBell();
  const stop = client.on('event', ({ runId }) => runId === run && change.ring());
  try {
    for (let next = 0; ; ) {
      const details = await client.call('run.show', { run }, { signal: context.signal });
      const step = details.steps[next];
      if (step && (step.startedAt !== null || isOver(details.status))) {
        if (step.startedAt !== null) await printStep(context, client, { run, step, follow });
        next += 1;
        continue;
      }
      if (!step && isOver(details.status)) return details;
      if (!follow) return details;
      await change.next(context.signal, lookAgainMs);
    }
  } finally {
    stop();
  }
}

async function printStep(context: CommandContext, client: DaemonClient, { run, step, follow }: { run: number; step: RunDetails['steps'][number]; follow: boolean }): Promise<void> {
  const { json } = context.global;
  if (!json) context.note(context.colors.bold(`── ${plainLine(step.name)}`));
  const decoder = new TextDecoder();
  await readStepLog(client, { run, step: step.index }, {
    signal: context.signal, follow,
    onBytes: (bytes) => {
      if (json) context.printJson({ run, step: step.index, name: step.name, text: decoder.decode(bytes, { stream: true }) });
      else return write(context, bytes);
    },
  });
}

/** Waits for a slow reader, so that a large log does not pile up in memory. */
function write({ cli, signal }: CommandContext, bytes: Buffer): Promise<void> | undefined {
  if (cli.stdout.write(bytes)) return undefined;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    cli.stdout.once('drain', () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}

async function newestRun({ client, project, repository }: FoundProject, { signal, global }: CommandContext): Promise<number> {
  const runs = await client.call('run.list', { project: project.name, limit: 100 }, { signal });
  const ofBranch = global.project === undefined ? runs.find(({ ref }) => ref === repository?.branch) : undefined;
  const run = ofBranch ?? runs[0];
  if (!run) throw new RedControlError('NOT_FOUND', `Expected a run of ${project.name}, there was none yet`, { hint: 'Push something.' });
  return run.id;
}

function runNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Expected the number of a run.');
  return Number(text);
}
