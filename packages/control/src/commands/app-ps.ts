import { formatBytes, type AppInstance, type AppProcessState } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import type { Colors } from '../output/output.ts';
import { relativeTime } from '../output/relative-time.ts';
import { printTable } from '../output/table.ts';

interface ProcessRow {
  process: AppProcessState;
  instance: AppInstance | undefined;
}

/** `redcontrol app ps -e ENVIRONMENT` */
export function defineAppPs(command: Command, cli: Cli): void {
  command.addOption(environmentOption()).action(action(cli, async (context, options: EnvironmentOptions) => {
    const environment = await chosenEnvironment(context, options);
    printProcesses(context, await withProject(context, { environment }, ({ client, project }) => client.call('app.list', { project, environment }, { signal: context.signal })));
  }));
}

/** A line a container, and one for a process that has none. */
export function printProcesses({ out, cli }: CommandContext, processes: readonly AppProcessState[]): void {
  if (out.json) return out.printJson(processes);
  const { colors } = out;
  const rows = processes.flatMap((process): ProcessRow[] => (process.instances.length > 0 ? process.instances.map((instance) => ({ process, instance })) : [{ process, instance: undefined }]));
  printTable(out, rows, {
    empty: 'Nothing is deployed yet.',
    columns: [
      { title: 'PROCESS', cell: ({ process, instance }) => (instance ? `${process.process} ${instance.instance}/${process.wanted}` : `${process.process} 0/${process.wanted}`) },
      { title: 'STATE', cell: ({ process, instance }) => stateText(process, instance, colors) },
      { title: 'SINCE', cell: ({ instance }) => relativeTime(instance?.startedAt, cli.now()) },
      { title: 'RESTARTS', cell: ({ instance }) => String(instance?.restarts ?? '–'), align: 'right' },
      { title: 'CPU', cell: ({ instance }) => (typeof instance?.cpus === 'number' ? `${(instance.cpus * 100).toFixed(0)} %` : '–'), align: 'right' },
      { title: 'MEMORY', cell: ({ instance }) => memoryText(instance), align: 'right' },
      { title: 'RELEASE', cell: ({ instance }) => (instance ? `#${instance.release}` : '–') },
    ],
  });
}

function stateText({ stopped, crashLoopSince }: AppProcessState, instance: AppInstance | undefined, colors: Colors): string {
  if (!instance) return stopped ? colors.yellow('‖ stopped') : colors.dim('○ none wanted');
  if (crashLoopSince !== null && instance.restarts > 0) return colors.red(`✗ crash loop, exit code ${instance.exitCode ?? 'unknown'}`);
  switch (instance.state) {
    case 'running': return colors.green('● running');
    case 'restarting': return colors.yellow(`↻ starts again, exit code ${instance.exitCode ?? 'unknown'}`);
    case 'exited': return colors.red(`✗ ended, exit code ${instance.exitCode ?? 'unknown'}`);
  }
}

function memoryText(instance: AppInstance | undefined): string {
  if (typeof instance?.memoryBytes !== 'number') return '–';
  return `${formatBytes(instance.memoryBytes)}${instance.memoryLimitBytes === null ? '' : ` of ${formatBytes(instance.memoryLimitBytes)}`}`;
}
