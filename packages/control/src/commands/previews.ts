import type { PreviewState } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withEachServer } from '../cli/connect.ts';
import { reportUnreachable } from '../cli/report-unreachable.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol previews` */
export function definePreviews(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { out } = context;
    const previews: PreviewState[] = [];
    const unreachable = await withEachServer(context, async ({ client, project }) => {
      previews.push(...(await client.call('preview.list', { project }, { signal: context.signal })));
    });
    if (out.json) out.printJson(previews);
    else printTable(out, previews, {
      empty: 'No previews: name a pattern of branches with `preview` in an environment, and push one.',
      columns: [
        { title: 'PREVIEW', cell: ({ name }) => name },
        { title: 'BRANCH', cell: ({ branch }) => plainLine(branch), flexible: true },
        { title: 'OF', cell: ({ base }) => base },
        { title: 'LIVE', cell: ({ live, state }) => (state === 'ending' ? out.colors.yellow('is being removed') : live ? `#${live.release} ${live.commit.slice(0, 7)}` : '–') },
        { title: 'PUSHED', cell: ({ pushedAt }) => relativeTime(pushedAt, cli.now()) },
        { title: 'ENDS', cell: ({ endsAt, keptBy }) => (keptBy === null ? relativeTime(endsAt, cli.now()) : `kept by ${plainLine(keptBy)}`) },
        { title: 'URL', cell: ({ url }) => url },
      ],
    });
    reportUnreachable(out, unreachable);
  }));
}
