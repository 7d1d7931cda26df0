import type { Command } from 'commander';
import { createBell } from '@redcontrol/client/runs/bell';
import type { CommandContext } from '../cli/command-context.ts';
import { plainLine } from '../cli/plain-line.ts';
import type { Bind } from '../program.ts';
import { leaveServers, meetServers, type MetServer } from '../servers/find-project.ts';
import { projectStatuses, statusLines } from './status.ts';

/** Times move on, and a server that was cut is met again. */
const redrawMs = 10_000;
const homeAndClear = '\u001b[H\u001b[J';

export function defineWatch(program: Command, bind: Bind): void {
  program.command('watch')
    .description('status that follows what happens, until Ctrl-C')
    .action(bind(watch));
}

async function watch(context: CommandContext): Promise<void> {
  const { signal, cli } = context;
  const change = createBell();
  let shown = '';
  let met = await meet(context, change.ring);
  try {
    for (;;) {
      const lines = await draw(context, met).catch(async (thrown: unknown) => {
        if (signal.aborted) throw thrown;
        await leaveServers(met);
        met = await meet(context, change.ring);
        return draw(context, met);
      });
      const text = `${lines.join('\n')}\n`;
      if (cli.stdout.isTTY) cli.stdout.write(`${homeAndClear}${text}`);
      else if (text !== shown) cli.stdout.write(`${shown === '' ? '' : '\n'}${text}`);
      shown = text;
      await change.next(signal, redrawMs);
    }
  } catch (thrown) {
    // Ctrl-C is how it is meant to end.
    if (!signal.aborted) throw thrown;
  } finally {
    await leaveServers(met);
  }
}

async function meet(context: CommandContext, ring: () => void): Promise<MetServer[]> {
  const met = await meetServers(context);
  await Promise.all(met.map(async (one) => {
    if (!('client' in one)) return;
    one.client.on('event', ring);
    await one.client.call('events.follow', {}, { signal: context.signal });
  }));
  return met;
}

async function draw(context: CommandContext, met: readonly MetServer[]): Promise<string[]> {
  const { signal } = context;
  const fresh = await Promise.all(met.map(async (one) => ('client' in one ? { ...one, projects: await one.client.call('project.list', {}, { signal }) } : one)));
  const projects = await projectStatuses(context, fresh);
  const errors = fresh.flatMap((one) => ('error' in one ? [context.colors.red(plainLine(`${one.server.name}: ${one.error.message}`))] : []));
  return [...projects.flatMap((one) => statusLines(one, context)), ...errors];
}
