import type { ChannelState } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withEachServer } from '../cli/connect.ts';
import { channelStateText } from '../output/channel-words.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol channel list` */
export function defineChannelList(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { out } = context;
    const rows: (ChannelState & { server: string })[] = [];
    await withEachServer(context, async ({ client, server, project }) => {
      const { channels = [] } = await client.call('project.show', { project }, { signal: context.signal });
      rows.push(...channels.map((channel) => ({ server, ...channel })));
    });
    if (out.json) return out.printJson(rows);
    printTable(out, rows, {
      empty: 'No channels: name them under "channels" in redcontrol.yml, then apply.',
      columns: [
        { title: 'CHANNEL', cell: ({ name }) => name },
        { title: 'KIND', cell: ({ kind }) => kind },
        { title: 'TO', cell: ({ target }) => plainLine(target), flexible: true },
        { title: 'STATE', cell: (row) => channelStateText(row, out.colors) },
        { title: 'WAITING', cell: ({ waiting }) => (waiting === 0 ? '–' : String(waiting)) },
        { title: 'LAST SENT', cell: ({ sentAt }) => relativeTime(sentAt, cli.now()) },
        ...(new Set(rows.map(({ server }) => server)).size > 1 ? [{ title: 'SERVER', cell: ({ server }: { server: string }) => server }] : []),
      ],
    });
    for (const { name, error, state } of rows) if (state === 'failing' && error !== null) out.note(`${out.colors.yellow('!')} ${name}: ${plainLine(error)}`);
  }));
}
