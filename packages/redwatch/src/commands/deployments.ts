import type { Command } from 'commander';
import type { CommandContext } from '../cli/command-context.ts';
import { plainLine } from '../cli/plain-line.ts';
import type { Bind } from '../program.ts';
import { withProject } from '../servers/find-project.ts';
import { environmentLine } from './status.ts';

const shownReleases = 10;

export function defineDeployments(program: Command, bind: Bind): void {
  program.command('deployments')
    .description('what was deployed where, and is live now')
    .action(bind(deployments));
}

async function deployments(context: CommandContext): Promise<void> {
  await withProject(context, async ({ client, project }) => {
    const environments = await Promise.all(project.environments.map(async (environment) => ({
      ...environment,
      releases: await client.call('release.list', { project: project.name, environment: environment.name, limit: shownReleases }, { signal: context.signal }),
    })));
    if (context.global.json) return context.printJson({ project: project.name, environments });
    const { colors, words } = context;
    for (const environment of environments) {
      context.print(environmentLine(environment, context));
      for (const { number, state, commit, message, author, createdAt } of environment.releases) {
        const facts = [author, words.ago(createdAt, context.cli.now())].filter((fact) => fact !== '').join(', ');
        context.print(`    #${number} ${state} ${colors.yellow(commit.slice(0, 7))} ${plainLine(message.split('\n')[0] ?? '')} ${colors.dim(plainLine(`(${facts})`))}`);
      }
    }
  });
}
