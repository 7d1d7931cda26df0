import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { RedControlError } from '@redcontrol/contract';
import { readIfExists, runOrThrow, runToEnd, writeFileAtomic } from '@redcontrol/system';
import type { CommandContext } from '../cli/command-context.ts';
import type { Bind } from '../program.ts';
import { backgroundCommand } from '../service/own-command.ts';
import { serviceOf } from '../service/service-files.ts';

const timeoutMs = 60_000;

export function defineService(program: Command, bind: Bind): void {
  const service = program.command('service').description('run in the background from login on');
  service.command('install')
    .description('install and start the service; options of `redwatch run` may follow after --')
    .argument('[options...]', 'options for `redwatch run`')
    .action(bind(install));
  service.command('remove').description('stop and remove the service').action(bind(remove));
}

async function install(context: CommandContext, options: string[]): Promise<void> {
  const { path, content, install: commands } = serviceOf([...backgroundCommand(), 'run', ...options], { variables: context.cli.variables });
  await writeFileAtomic(path, content, 0o644);
  try {
    for (const [program = '', ...args] of commands) await runOrThrow(program, args, { timeoutMs, signal: context.signal });
  } catch (cause) {
    await rm(path, { force: true });
    throw new RedControlError('COMMAND_FAILED', `Expected this user's service manager to start redwatch, got: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, hint: 'Run it in your own session, not through sudo or su. Without a service manager `redwatch run` does the same in a terminal.' });
  }
  context.print(path);
}

async function remove(context: CommandContext): Promise<void> {
  const service = serviceOf(backgroundCommand(), { variables: context.cli.variables });
  if ((await readIfExists(service.path)) === undefined) throw new RedControlError('NOT_FOUND', `Expected the service in ${service.path}, it is not installed`);
  // One that does not run any more is no reason to keep the file.
  for (const [program = '', ...args] of service.remove) await runToEnd(program, args, { timeoutMs, signal: context.signal }).catch(() => {});
  await rm(service.path);
  for (const [program = '', ...args] of service.afterRemove) await runToEnd(program, args, { timeoutMs, signal: context.signal }).catch(() => {});
}
