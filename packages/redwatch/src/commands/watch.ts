import type { Command } from 'commander';
import type { CommandContext } from '../cli/command-context.ts';
import { plainLine } from '../cli/plain-line.ts';
import type { Bind } from '../program.ts';
import type { MetServer } from '../servers/find-project.ts';
import { followServers } from '../servers/follow-servers.ts';
import { projectStatuses, statusLines } from './status.ts';

const homeAndClear = '\u001b[H\u001b[J';

export function defineWatch(program: Command, bind: Bind): void {
  program.command('watch')
    .description('status that follows what happens, until Ctrl-C')
    .action(bind(watch));
}

async function watch(context: CommandContext): Promise<void> {
  const { stdout } = context.cli;
  let shown = '';
  await followServers(context, async (met) => {
    const text = `${(await draw(context, met)).join('\n')}\n`;
    if (stdout.isTTY) stdout.write(`${homeAndClear}${text}`);
    else if (text !== shown) stdout.write(`${shown === '' ? '' : '\n'}${text}`);
    shown = text;
  });
}

async function draw(context: CommandContext, met: readonly MetServer[]): Promise<string[]> {
  const projects = await projectStatuses(context, met);
  const errors = met.flatMap((one) => ('error' in one ? [context.colors.red(plainLine(`${one.server.name}: ${one.error.message}`))] : []));
  return [...projects.flatMap((one) => statusLines(one, context)), ...errors];
}
