import { formatBytes, formatDurationMs, type ServerState } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withEachServer } from '../cli/connect.ts';
import { reportUnreachable } from '../cli/report-unreachable.ts';

/** `redcontrol server show` */
export function defineServerShow(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { out } = context;
    const states: ({ server: string } & ServerState)[] = [];
    const unreachable = await withEachServer(context, async ({ client, server }) => {
      const state = await client.call('server.state', {}, { signal: context.signal });
      states.push({ server, ...state });
      if (out.json) return;
      out.print(out.colors.bold(`${server} (${state.hostname})`));
      for (const [title, text] of stateLines(state, cli.now())) out.print(`  ${title.padEnd(10)} ${text}`);
    });
    if (out.json) out.printJson(states);
    reportUnreachable(out, unreachable);
  }));
}

function stateLines(state: ServerState, now: number): [string, string][] {
  return [
    ['system', state.os],
    ['daemon', `${state.daemonVersion}, up for ${formatDurationMs(now - state.startedAt)}, ${formatBytes(state.daemonResidentBytes)} of memory`],
    ['engine', state.engineVersion === null ? 'does not answer' : `Docker ${state.engineVersion}, images from ${state.imageSource === 'hub' ? 'Docker Hub' : state.imageSource === 'debian' ? 'Debian packages' : 'nowhere yet'}`],
    ['load', `${state.loadAverage.toFixed(2)} on ${state.cpus} CPUs`],
    ['memory', `${formatBytes(state.memoryFreeBytes)} of ${formatBytes(state.memoryTotalBytes)} free`],
    ['disk', `${formatBytes(state.diskFreeBytes)} of ${formatBytes(state.diskTotalBytes)} free`],
  ];
}
