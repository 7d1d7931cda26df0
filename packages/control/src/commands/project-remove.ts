import { RedControlError } from '@redcontrol/contract';
import type { Command } from 'commander';
import { askText } from '../cli/ask.ts';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { createProgress } from '../output/progress.ts';

interface RemoveOptions {
  data?: boolean;
  yes?: boolean;
}

/** `redcontrol project remove [--data]` */
export function defineProjectRemove(command: Command, cli: Cli): void {
  command
    .option('--data', 'its databases and volumes as well')
    .option('-y, --yes', 'do not ask')
    .action(action(cli, async (context, options: RemoveOptions) => {
      await withProject(context, {}, async ({ client, project, server }) => {
        if (!options.yes) {
          const what = options.data ? 'its apps, databases and volumes' : 'its apps (the data in databases and volumes stays, secrets go)';
          const typed = await askText(context, { message: `This removes ${project} from ${server}: ${what}. Type the project's name to go on`, instead: 'Say it with --yes.' });
          if (typed !== project) throw new RedControlError('CANCELLED', `Expected the name ${project}, got ${JSON.stringify(typed)}: nothing was removed`);
        }
        const progress = createProgress(context);
        await client.call('project.remove', { project, data: options.data === true }, { signal: context.signal, onProgress: progress.tell }).finally(progress.end);
        if (context.out.json) return context.out.printJson({ project, server, removed: true, data: options.data === true });
        context.out.print(`${context.out.colors.green('✓')} ${project} is removed from ${server}.`);
      });
    }));
}
