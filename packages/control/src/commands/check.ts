import { notYetUsed } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { readConfigFile, shownPath } from '../cli/find-config.ts';
import { printNotYetUsed } from '../output/plan-lines.ts';

/** `redcontrol check` */
export function defineCheck(command: Command, cli: Cli): void {
  command.action(action(cli, async (context) => {
    const { config, path } = await readConfigFile(context);
    const { out } = context;
    if (out.json) return out.printJson({ valid: true, file: path, project: config.project, environments: Object.keys(config.environments), servers: Object.keys(config.servers), notYetUsed: notYetUsed(config) });
    out.print(`${out.colors.green('✓')} ${shownPath(context, path)} is valid: project ${config.project}, ${count(config.environments, 'environment')} on ${count(config.servers, 'server')}`);
    printNotYetUsed(out, config);
  }));
}

function count(entries: Record<string, unknown>, noun: string): string {
  const names = Object.keys(entries);
  return `${names.length} ${noun}${names.length === 1 ? '' : 's'} (${names.join(', ')})`;
}
