import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { roleOf, withDatabase, type DatabaseOptions } from '../cli/database-option.ts';
import { chosenEnvironment } from '../cli/environment-option.ts';
import { runSession } from '../session/run-session.ts';

/** `redcontrol database shell -e ENVIRONMENT` */
export function defineDatabaseShell(command: Command, cli: Cli): void {
  withDatabase(command)
    .addHelpText('after', '\nIt reads standard input where that is no terminal:\n  echo "select count(*) from orders" | redcontrol database shell -e test')
    .action(action(cli, async (context, options: DatabaseOptions) => {
      const environment = await chosenEnvironment(context, options);
      await withProject(context, { environment }, async ({ client, project }) => {
        const place = { project, environment, role: roleOf(options) };
        const exitCode = await runSession(context, client, (session) => client.call('database.shell', { ...place, ...session }, { signal: context.signal }));
        context.cli.endWith?.(exitCode);
      });
    }));
}
