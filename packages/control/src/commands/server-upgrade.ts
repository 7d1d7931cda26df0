import type { Command } from 'commander';
import { wantedInstall } from '../apply/wanted-install.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { eachServerTarget } from '../cli/each-server-target.ts';
import { upgradeServer } from '../install/index.ts';
import { createProgress } from '../output/progress.ts';
import { withHint } from '../runs/watch-run.ts';

/** `redcontrol server upgrade` */
export function defineServerUpgrade(command: Command, cli: Cli): void {
  command
    .addHelpText('after', '\nThe new daemon has to answer; else the server goes back to the one before by itself.')
    .action(action(cli, async (context) => {
      const { out } = context;
      const wanted = await wantedInstall(cli.variables);
      const results: { server: string; version: string; changed: boolean }[] = [];
      await eachServerTarget(context, async ({ server, target }) => {
        out.note(out.colors.bold(server));
        const progress = createProgress(context);
        const changed = await upgradeServer(target, wanted, { signal: context.signal, onProgress: progress.tell }).catch((thrown: unknown) => {
          throw withHint(thrown, 'Run the same command again: it goes on where it stopped.');
        }).finally(progress.end);
        results.push({ server, version: wanted.daemon.version, changed });
        out.print(`${out.colors.green('✓')} ${server} ${changed ? 'has' : 'had already'} the daemon ${wanted.daemon.version}`);
      });
      if (out.json) out.printJson(results);
    }));
}
