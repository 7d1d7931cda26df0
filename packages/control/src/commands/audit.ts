import type { AuditRecord } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { positiveNumber } from '../cli/number-argument.ts';
import { plainLine } from '../output/plain-text.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol audit` */
export function defineAudit(command: Command, cli: Cli): void {
  command
    .option('-n, --limit <number>', 'how many', positiveNumber, 50)
    .option('--before <number>', 'only what is older than this entry', positiveNumber)
    .action(action(cli, async (context, { limit, before }: { limit: number; before?: number }) => {
      const { out } = context;
      const entries = await withProject(context, {}, ({ client }) => client.call('audit.list', { limit: Math.min(limit, 1000), ...(before ? { before } : {}) }, { signal: context.signal }));
      if (out.json) return out.printJson(entries);
      printTable<AuditRecord>(out, entries, {
        empty: 'Nobody has asked for anything yet.',
        columns: [
          { title: 'ENTRY', cell: ({ seq }) => String(seq), align: 'right' },
          { title: 'TIME (UTC)', cell: ({ at }) => new Date(at).toISOString().slice(0, 19).replace('T', ' ') },
          { title: 'WHO', cell: ({ name, key }) => plainLine(name) || key.slice(0, 20) },
          { title: 'FROM', cell: ({ from }) => plainLine(from ?? 'the server') },
          { title: 'WHAT', cell: ({ method }) => method },
          { title: 'WHERE', cell: ({ project, environment }) => [project, environment].filter((one) => one !== null).map(plainLine).join('/') || '–' },
          { title: 'OUTCOME', cell: ({ outcome, errorCode }) => (outcome === 'asked' ? out.colors.dim('asked') : out.colors.red(`${outcome} ${errorCode ?? ''}`)) },
          { title: 'DETAIL', cell: ({ detail }) => plainLine(detail), flexible: true },
        ],
      });
    }));
}
