import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { relativeTime } from '../output/relative-time.ts';

/** `redcontrol preview keep PREVIEW` */
export function definePreviewKeep(command: Command, cli: Cli): void {
  command
    .argument('<preview>', 'its name, as `redcontrol previews` shows it')
    .option('--off', 'let age and number end it again')
    .action(action(cli, async (context, options: { off?: boolean }, environment: string) => {
      const { out } = context;
      const state = await withProject(context, { environment }, ({ client, project }) => client.call('preview.keep', { project, environment, keep: !options.off }, { signal: context.signal }));
      if (out.json) return out.printJson(state);
      out.print(state.keptBy === null ? `${environment} ends ${relativeTime(state.endsAt, cli.now())} if nothing is pushed.` : `${environment} is kept as long as its branch is there.`);
    }));
}
