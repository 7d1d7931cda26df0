import type { Command } from 'commander';
import { RedControlError } from '@redcontrol/contract';
import type { CommandContext } from '../cli/command-context.ts';
import { openPage } from '../desktop/open-page.ts';
import type { Bind } from '../program.ts';
import { withProject } from '../servers/find-project.ts';

export function defineOpen(program: Command, bind: Bind): void {
  program.command('open')
    .description('open the deployed site in the browser (default: of the first environment that is live)')
    .argument('[environment]', 'environment of the project')
    .action(bind(open));
}

async function open(context: CommandContext, name: string | undefined): Promise<void> {
  await withProject(context, async ({ project }) => {
    const wanted = name === undefined ? project.environments.find(({ live }) => live) : project.environments.find((one) => one.name === name);
    if (!wanted) {
      const names = project.environments.map((one) => one.name).join(', ') || 'none';
      throw new RedControlError('NOT_FOUND', name === undefined ? `Expected something live of ${project.name}, nothing is` : `Expected an environment of ${project.name}, got ${name}`, { hint: `It has ${names}.` });
    }
    context.print(wanted.url);
    await openPage(wanted.url);
  });
}
