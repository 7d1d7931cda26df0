import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol databases` */
export function defineDatabases(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { out } = context;
    const databases = await withProject(context, {}, ({ client }) => client.call('server.databases', {}, { signal: context.signal }));
    if (out.json) return out.printJson(databases);
    printTable(out, databases, {
      empty: 'This server can get no databases: see `redcontrol doctor`.',
      columns: [
        { title: 'ENGINE', cell: ({ engine }) => engine },
        { title: 'VERSIONS', cell: ({ versions }) => versions.join(', ') || '–', flexible: true },
        { title: 'FROM', cell: ({ from }) => (from === 'hub' ? 'official images' : 'Debian packages') },
      ],
    });
  }));
}
