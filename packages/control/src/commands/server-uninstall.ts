import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askText } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { sshTarget } from '../cli/connect.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { firstContact } from '../cli/first-contact.ts';
import { onlyServer } from '../cli/only-server.ts';
import { withKnownHost } from '@redcontrol/client/host-key';
import { applyInstall, inspectServer, planUninstall } from '../install/index.ts';
import { printPlan } from '../output/plan-lines.ts';
import { createProgress } from '../output/progress.ts';
import { withHint } from '../runs/watch-run.ts';

interface UninstallOptions {
  data?: boolean;
  yes?: boolean;
}

/** `redcontrol server uninstall [--data]` */
export function defineServerUninstall(command: Command, cli: Cli): void {
  command
    .option('--data', 'databases, volumes, repositories, secrets and logs as well')
    .option('-y, --yes', 'do not ask')
    .action(action(cli, async (context, options: UninstallOptions) => {
      const { out, signal } = context;
      const { config } = await readConfigFile(context);
      const server = onlyServer(Object.keys(config.servers), context.global.server);
      const target = sshTarget(context, config, server);
      const facts = await withKnownHost(target, firstContact(context), () => inspectServer(target, { signal }));
      const plan = planUninstall(facts, { data: options.data === true });
      if (plan.length === 0) return out.json ? out.printJson({ server, removed: false }) : out.print(`There is nothing of RedControl on ${server}.`);
      printPlan(out, { server, install: plan, project: [], baseRevision: undefined, missingSecrets: [], installSkipped: undefined });
      if (!options.yes) {
        const typed = await askText(context, { message: `Type the server's name (${server}) to go on`, instead: 'Say it with --yes.' });
        if (typed !== server) throw new RedControlError('CANCELLED', `Expected the name ${server}, got ${JSON.stringify(typed)}: nothing was removed`);
      }
      const progress = createProgress(context, (id) => plan.find((operation) => operation.id === id)?.description);
      await applyInstall(target, plan, { signal, onProgress: progress.tell }).catch((thrown: unknown) => {
        throw withHint(thrown, 'Run the same command again: it goes on where it stopped.');
      }).finally(progress.end);
      if (out.json) return out.printJson({ server, removed: true, data: options.data === true });
      out.print(`${out.colors.green('✓')} RedControl is removed from ${server}${options.data ? ', with all data' : '; databases, volumes and state stay there'}.`);
    }));
}
