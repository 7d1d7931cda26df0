import { InvalidArgumentError, type Command } from 'commander';
import { isErrorCode, RedControlError, type RunRecord } from '@redcontrol/contract';
import { isOver } from '@redcontrol/client/runs/follow-run';
import { runToEnd } from '@redcontrol/system';
import type { CommandContext } from '../cli/command-context.ts';
import type { Bind } from '../program.ts';
import { withProject } from '../servers/find-project.ts';
import { runLine } from './run-words.ts';

const longestCallMs = 60_000;

export function defineWait(program: Command, bind: Bind): void {
  program.command('wait')
    .description('wait for the verdict on a commit (default: HEAD of this repository), and end with it')
    .argument('[commit]', 'commit, branch or tag in this repository')
    .option('-t, --timeout <minutes>', 'how long to wait', minutes, 60)
    .action(bind(wait));
}

async function wait(context: CommandContext, wanted: string | undefined, { timeout }: { timeout: number }): Promise<void> {
  await withProject(context, async ({ client, project, repository }) => {
    const commit = wanted === undefined ? repository?.commit : await resolveCommit(wanted, context);
    if (commit === undefined) throw new RedControlError('NOT_FOUND', 'Expected a commit in this repository, there is none yet', { hint: 'Commit and push something.' });
    // The run may be there at once, or start only when the daemon looks.
    if (client.hello.role !== 'viewer') await client.call('source.look', { project: project.name }, { signal: context.signal }).catch(() => {});
    const until = context.cli.now() + timeout * 60_000;
    let run: RunRecord | null = null;
    do {
      const left = Math.max(0, Math.min(longestCallMs, until - context.cli.now()));
      run = await client.call('run.wait', { project: project.name, commit, timeoutMs: Math.round(left) }, { signal: context.signal });
    } while ((!run || !isOver(run.status)) && context.cli.now() < until);
    if (!run) throw new RedControlError('NOT_FOUND', `Expected a run of ${commit.slice(0, 12)}, none started within ${timeout} min`, { hint: 'Was it pushed, and does its branch have a pipeline?' });
    if (context.global.json) context.printJson(run);
    else context.print(runLine(run, context));
    throwUnlessPassed(run, timeout);
  });
}

/** What this repository calls by that name; left as it is where git does not know it, for ids that only the server has. */
async function resolveCommit(wanted: string, { cli, signal }: CommandContext): Promise<string> {
  const result = await runToEnd('git', ['-C', cli.folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${wanted}^{commit}`], { signal, timeoutMs: 20_000 });
  return result.exitCode === 0 ? result.stdout.trim() : wanted;
}

/** The verdict as an error with its exit code; nothing for a run that passed. */
function throwUnlessPassed(run: RunRecord, timeout: number): void {
  switch (run.status) {
    case 'succeeded': return;
    case 'failed': {
      const code = run.error && isErrorCode(run.error.code) ? run.error.code : 'STEP_FAILED';
      throw new RedControlError(code, run.error?.message ?? `Run ${run.id} failed`, { hint: run.error?.hint ?? `See it with \`redwatch log ${run.id}\`.` });
    }
    case 'cancelled': throw new RedControlError('CANCELLED', `Run ${run.id} was cancelled`);
    case 'superseded': throw new RedControlError('RELEASE_SUPERSEDED', `Run ${run.id} was overtaken by a newer push`);
    case 'queued': case 'preparing': case 'running': case 'releasing':
      throw new RedControlError('CONFLICT', `Expected a verdict within ${timeout} min, run ${run.id} is ${run.status}`, { hint: 'Wait longer with --timeout.' });
  }
}

function minutes(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1440)) throw new InvalidArgumentError('Expected minutes, up to 1440.');
  return value;
}
