import type { RunRecord } from '@redcontrol/contract';
import { Option } from 'commander';
import type { CommandContext } from '../cli/command-context.ts';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { runSubject } from '../output/run-words.ts';
import { watchRun } from './watch-run.ts';

export interface WaitOptions {
  wait: boolean;
}

/** `--no-wait` */
export function waitOption(): Option {
  return new Option('--no-wait', 'only start the run, do not watch it');
}

/** Starts a run and watches it to its verdict, or only says its number. */
export async function startRun(context: CommandContext, client: DaemonClient, { wait }: WaitOptions, start: () => Promise<RunRecord>): Promise<void> {
  const { out } = context;
  const run = await start();
  if (wait) return watchRun(context, client, run.id);
  if (out.json) return out.printJson(run);
  out.print(`${out.colors.bold(`run ${run.id}`)} ${runSubject(run, out.colors)} is queued. Watch it: redcontrol run logs ${run.id} -f`);
}
