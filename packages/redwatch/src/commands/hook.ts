import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { RedControlError } from '@redcontrol/contract';
import { readIfExists, runToEnd, systemClock, writeFileAtomic } from '@redcontrol/system';
import type { CommandContext } from '../cli/command-context.ts';
import { withoutRedwatch, withRedwatch } from '../hook/hook-text.ts';
import type { Bind } from '../program.ts';
import { withProject } from '../servers/find-project.ts';
import { ownCommand } from '../service/own-command.ts';

/** The hook runs before the push: the server is asked to look until the push can be expected to be there. */
const looksAfterMs = [500, 1_500, 3_000, 10_000, 30_000];

export function defineHook(program: Command, bind: Bind): void {
  const hook = program.command('hook').description('let the server look at once when you push from this repository');
  hook.command('install').description('add a pre-push hook to this repository').action(bind(install));
  hook.command('remove').description('take it out again').action(bind(remove));
  hook.command('poke', { hidden: true }).description('what the hook runs').action(bind(poke));
}

async function install(context: CommandContext): Promise<void> {
  const path = await hookPath(context);
  const text = withRedwatch(await readIfExists(path), ownCommand());
  if (text === undefined) throw new RedControlError('CONFLICT', `Expected a shell script in ${path}, got another program`, { hint: 'Call `redwatch hook poke` in the background from it yourself.' });
  await writeFileAtomic(path, text, 0o755);
  context.print(path);
}

async function remove(context: CommandContext): Promise<void> {
  const path = await hookPath(context);
  const existing = await readIfExists(path);
  if (existing === undefined || withoutRedwatch(existing) === existing) throw new RedControlError('NOT_FOUND', `Expected redwatch's part in ${path}, it is not there`);
  const rest = withoutRedwatch(existing);
  if (rest === '') await rm(path);
  else await writeFileAtomic(path, rest, 0o755);
}

async function poke(context: CommandContext): Promise<void> {
  await withProject(context, async ({ client, project }) => {
    for (const ms of looksAfterMs) {
      await systemClock.sleep(ms, context.signal);
      const { started } = await client.call('source.look', { project: project.name }, { signal: context.signal });
      if (started.length > 0) return;
    }
  });
}

/** Where git looks for the hook, also with core.hooksPath and in a worktree. */
async function hookPath({ cli, signal }: CommandContext): Promise<string> {
  const result = await runToEnd('git', ['-C', cli.folder, 'rev-parse', '--git-path', 'hooks/pre-push'], { signal, timeoutMs: 20_000 });
  if (result.exitCode !== 0) throw new RedControlError('NOT_FOUND', `Expected a git repository in ${cli.folder}, got none`);
  return resolve(cli.folder, result.stdout.trim());
}
