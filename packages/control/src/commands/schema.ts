import { projectConfig } from '@redcontrol/contract';
import type { Command } from 'commander';
import * as z from 'zod';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';

/** `redcontrol schema` */
export function defineSchema(command: Command, cli: Cli): void {
  command
    .addHelpText('after', '\nFor editors with the YAML language server, as the first line of redcontrol.yml:\n  # yaml-language-server: $schema=./redcontrol.schema.json')
    .action(action(cli, async ({ out }) => {
      out.printJson({ title: 'redcontrol.yml', ...z.toJSONSchema(projectConfig, { io: 'input', target: 'draft-7' }) });
    }));
}
