import type { Alert } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withEachServer } from '../cli/connect.ts';
import { reportUnreachable } from '../cli/report-unreachable.ts';
import { alertText } from '../output/alert-words.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

interface AlertsOptions {
  all?: boolean;
}

/** `redcontrol alerts` */
export function defineAlerts(command: Command, cli: Cli): void {
  command.option('--all', 'of all projects of the server').action(action(cli, async (context, { all }: AlertsOptions) => {
    const { out } = context;
    const alerts: (Alert & { server: string })[] = [];
    const unreachable = await withEachServer(context, async ({ client, server, project }) => {
      const open = await client.call('alerts.list', all ? {} : { project }, { signal: context.signal });
      alerts.push(...open.map((alert) => ({ server, ...alert })));
    });
    if (out.json) out.printJson(alerts);
    else {
      printTable(out, alerts, {
        empty: unreachable.length === 0 ? 'Nothing is wrong.' : 'Nothing is wrong on the servers that answered.',
        columns: [
          { title: 'SINCE', cell: ({ since }) => relativeTime(since, cli.now()) },
          { title: 'WHERE', cell: ({ server, project, environment }) => `${plainLine(project)}${environment === null ? ` on ${server}` : `/${plainLine(environment)}`}` },
          { title: 'WHAT', cell: (alert) => out.colors.red(alertText(alert)) },
          { title: 'THEN', cell: ({ value }) => plainLine(value ?? '–') },
          { title: 'LIMIT', cell: ({ limit }) => plainLine(limit ?? '–') },
        ],
      });
    }
    reportUnreachable(out, unreachable);
  }));
}
