import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';

/** `redcontrol backup key` */
export function defineBackupKey(command: Command, cli: Cli): void {
  command
    .addHelpText('after', '\nKeep what this prints away from the server: without it nobody can open backups when the server is lost.\n  redcontrol backup key > shop-backup-key.txt\n  age --decrypt --identity shop-backup-key.txt database.pgdump.age | pg_restore --dbname=…')
    .action(action(cli, async (context) => {
      const { out } = context;
      const key = await withProject(context, {}, ({ client }) => client.call('backup.key', {}, { signal: context.signal }));
      if (out.json) return out.printJson(key);
      out.print(`# public key: ${key.recipient}`);
      out.print(key.identity);
      out.note(`On the server it is ${key.file}. Keep this copy where only you can read it.`);
    }));
}
