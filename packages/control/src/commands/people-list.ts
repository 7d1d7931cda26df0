import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withEachServer } from '../cli/connect.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { fingerprintOf } from '@redcontrol/client/host-key';
import { plainLine } from '../output/plain-text.ts';
import { printTable } from '../output/table.ts';

interface PersonRow {
  name: string;
  role: string;
  fingerprint: string;
  server: string | null;
  projects: string[];
}

/** `redcontrol people list [--applied]` */
export function definePeopleList(command: Command, cli: Cli): void {
  command.option('--applied', 'as the servers have them now, instead of redcontrol.yml').action(action(cli, async (context, { applied }: { applied?: boolean }) => {
    const { out } = context;
    const rows: PersonRow[] = [];
    if (applied || context.global.socket !== undefined) {
      await withEachServer(context, async ({ client, server }) => {
        rows.push(...(await client.call('people.list', {}, { signal: context.signal })).map((person) => ({ ...person, server })));
      });
    } else {
      const { config } = await readConfigFile(context);
      rows.push(...config.people.map(({ name, role, key }) => ({ name, role, fingerprint: fingerprintOf(key.split(' ')[1] ?? ''), server: null, projects: [config.project] })));
    }
    if (out.json) return out.printJson(rows);
    printTable(out, rows, {
      empty: 'Nobody yet: add somebody with `redcontrol people add`.',
      columns: [
        { title: 'NAME', cell: ({ name }) => plainLine(name), flexible: true },
        { title: 'ROLE', cell: ({ role }) => role },
        { title: 'KEY', cell: ({ fingerprint }) => fingerprint },
        ...(applied ? [{ title: 'SERVER', cell: ({ server }: PersonRow) => server ?? '' }, { title: 'PROJECTS', cell: ({ projects }: PersonRow) => projects.join(', ') }] : []),
      ],
    });
  }));
}
