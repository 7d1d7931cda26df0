import { channelSecretPlace } from '@redcontrol/contract';
import type { Command } from 'commander';
import { channelSecrets } from '../apply/missing-secrets.ts';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withEachServer } from '../cli/connect.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

interface SecretRow {
  environment: string;
  name: string;
  updatedAt: number | null;
}

/** `redcontrol secret list` */
export function defineSecretList(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { out } = context;
    const rows = await wantedSecrets(context);
    await withEachServer(context, async ({ client, project }) => {
      for (const { environment, name, updatedAt } of await client.call('secret.list', { project }, { signal: context.signal })) {
        const row = rows.find((one) => one.environment === environment && one.name === name);
        if (row) row.updatedAt = updatedAt;
        else rows.push({ environment, name, updatedAt });
      }
    });
    if (out.json) return out.printJson(rows.map((row) => ({ ...row, isSet: row.updatedAt !== null })));
    printTable(out, rows, {
      empty: 'No secrets: name them in an environment\'s "secrets", then set them with `redcontrol secret set`.',
      columns: [
        { title: 'ENVIRONMENT', cell: ({ environment }) => (environment === channelSecretPlace ? '(channels)' : environment) },
        { title: 'SECRET', cell: ({ name }) => name },
        { title: 'STATE', cell: ({ updatedAt }) => (updatedAt === null ? out.colors.red('✗ missing') : out.colors.green('✓ set')) },
        { title: 'CHANGED', cell: ({ updatedAt }) => relativeTime(updatedAt, cli.now()) },
      ],
    });
  }));
}

/** Secrets that the configuration names, where there is one. */
async function wantedSecrets(context: CommandContext): Promise<SecretRow[]> {
  if (context.global.socket !== undefined && context.global.config === undefined) return [];
  const { config } = await readConfigFile(context);
  const ofEnvironments = Object.entries(config.environments).flatMap(([environment, { secrets }]) => secrets.map((name) => ({ environment, name })));
  return [...ofEnvironments, ...channelSecrets(config)].map((secret) => ({ ...secret, updatedAt: null }));
}
