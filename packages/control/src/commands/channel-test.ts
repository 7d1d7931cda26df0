import { RedControlError, type ChannelTest } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withEachServer } from '../cli/connect.ts';
import { plainLine } from '../output/plain-text.ts';

type Row = ChannelTest & { server: string; channel: string };

/** `redcontrol channel test [NAME]` */
export function defineChannelTest(command: Command, cli: Cli): void {
  command
    .argument('[name]', 'channel (default: all)')
    .addHelpText('after', '\nSends a real message past all that waits, and shows what the other side answered. A channel of commit statuses\nwrites the status of the newest run again. Channels are tested as they were applied last.')
    .action(action(cli, async (context, _options: object, name: string | undefined) => {
      const { out, signal } = context;
      const rows: Row[] = [];
      const unreachable = await withEachServer(context, async ({ client, server, project }) => {
        const { channels = [] } = await client.call('project.show', { project }, { signal });
        const wanted = name === undefined ? channels.map((channel) => channel.name) : [name];
        if (wanted.length === 0) throw new RedControlError('NOT_FOUND', `Expected a channel of ${project} on ${server}, got none`, { hint: 'Name one under "channels" in redcontrol.yml, then apply.' });
        for (const channel of wanted) {
          const row = { server, channel, ...(await client.call('channel.test', { project, channel }, { signal })) };
          rows.push(row);
          const answer = `${channel}: ${plainLine(row.answer)} ${out.colors.dim(`(${row.milliseconds} ms)`)}`;
          if (!out.json) out.print(`${row.delivered ? out.colors.green('✓') : out.colors.red('✗')} ${answer}`);
        }
      });
      if (out.json) out.printJson(rows);
      if (unreachable.length > 0) throw unreachable[0]?.error;
      const failed = rows.filter(({ delivered }) => !delivered);
      const [first] = failed;
      if (first) throw new RedControlError('CHANNEL_FAILED', `Expected the channel ${first.channel} to take the test message, got: ${plainLine(first.answer)}${failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''}`, { hint: 'Put right what it says. Its secret is set with `redcontrol secret set NAME --channels`.' });
    }));
}
