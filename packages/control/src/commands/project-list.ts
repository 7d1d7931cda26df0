import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { openServer, openSocket, withClient } from '../cli/connect.ts';
import { readConfigFile } from '../cli/find-config.ts';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { plainLine } from '../output/plain-text.ts';
import { runStatusText } from '../output/run-words.ts';
import { printTable } from '../output/table.ts';

/** `redcontrol project list` */
export function defineProjectList(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { out } = context;
    const projects = (await Promise.all((await clients(context)).map((opening) => opening().then((client) => withClient(client, () => client.call('project.list', {}, { signal: context.signal })))))).flat();
    if (out.json) return out.printJson(projects);
    printTable(out, projects, {
      empty: 'No projects yet: make one with `redcontrol apply`.',
      columns: [
        { title: 'PROJECT', cell: ({ name }) => name },
        { title: 'FRAMEWORK', cell: ({ framework }) => framework ?? '–' },
        { title: 'ENVIRONMENTS', cell: ({ environments }) => environments.map(({ name, health }) => (health === 'down' ? out.colors.red(`${name} down`) : name)).join(', '), flexible: true },
        { title: 'LAST RUN', cell: ({ lastRun }) => (lastRun ? `${lastRun.id} ${runStatusText(lastRun.status, out.colors)}` : '–') },
        { title: 'REPOSITORY', cell: ({ repository }) => plainLine(repository), flexible: true },
      ],
    });
  }));
}

async function clients(context: CommandContext): Promise<(() => Promise<DaemonClient>)[]> {
  if (context.global.socket !== undefined) return [() => openSocket(context)];
  const { config } = await readConfigFile(context);
  const servers = context.global.server === undefined ? Object.keys(config.servers) : [context.global.server];
  return servers.map((server) => () => openServer(context, config, server));
}
