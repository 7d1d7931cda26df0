import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol config revisions` */
export function defineConfigRevisions(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { out } = context;
    const revisions = await withProject(context, {}, ({ client, project }) => client.call('project.revisions', { project }, { signal: context.signal }));
    if (out.json) return out.printJson(revisions);
    printTable(out, revisions, {
      empty: 'Nothing was applied yet.',
      columns: [
        { title: 'REVISION', cell: ({ number }) => String(number), align: 'right' },
        { title: 'APPLIED', cell: ({ appliedAt }) => relativeTime(appliedAt, cli.now()) },
        { title: 'BY', cell: ({ appliedBy }) => plainLine(appliedBy), flexible: true },
        { title: 'CHANGES', cell: ({ summary }) => plainLine(summary), flexible: true },
      ],
    });
  }));
}
