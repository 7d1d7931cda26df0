import type { ProjectConfig } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { webhookUrl } from '../apply/webhook-url.ts';

/** `redcontrol webhook` */
export function defineWebhook(command: Command, cli: Cli): void {
  command
    .addHelpText('after', '\nWithout a webhook pushes are found by looking at the repository (source.poll, 15s by default); with one they are found at once.')
    .action(action(cli, async (context) => {
      const { out } = context;
      const { url, secret } = await withProject(context, {}, async ({ client, project, server }) => {
        const webhook = await client.call('webhook.show', { project }, { signal: context.signal });
        const config = await configIfAny(context);
        return { url: config ? webhookUrl(config, server, webhook.path) : webhook.path, secret: webhook.secret };
      });
      if (out.json) return out.printJson({ url, secret, contentType: 'application/json', events: ['push'] });
      out.print(`URL           ${url}`);
      out.print(`secret        ${secret}`);
      out.print('content type  application/json');
      out.print('events        push (branches and tags)');
    }));
}

async function configIfAny(context: CommandContext): Promise<ProjectConfig | undefined> {
  if (context.global.socket !== undefined && context.global.config === undefined) return undefined;
  return (await readConfigFile(context)).config;
}
