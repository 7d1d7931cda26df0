import { RedControlError } from '@redcontrol/contract';
import { quoteForShell } from '@redcontrol/system';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { sshTarget } from '../cli/connect.ts';
import { readConfigFile } from '../cli/find-config.ts';
import { inviteTo } from '../people/invite.ts';

/** `redcontrol people invite` */
export function definePeopleInvite(command: Command, cli: Cli): void {
  command
    .addHelpText('after', '\nThe line holds the server, the project and the host key that you trust, and no secret: it lets nobody in.\nThe developer runs it and gets a line with their public key to send back to you.')
    .action(action(cli, async (context) => {
      const { out, global, signal } = context;
      if (global.socket !== undefined) throw new RedControlError('USAGE', 'Expected a server that is reached by SSH, got --socket');
      const { config } = await readConfigFile(context);
      const invitations: { server: string; invitation: string }[] = [];
      for (const server of global.server === undefined ? Object.keys(config.servers) : [global.server]) {
        invitations.push({ server, invitation: await inviteTo(sshTarget(context, config, server), config.project, signal) });
      }
      if (out.json) return out.printJson(invitations);
      for (const { invitation } of invitations) out.print(`redwatch connect ${quoteForShell(invitation)}`);
      out.note('Send it to the developer. It holds no secret and lets nobody in: they send a line back that adds their key.');
    }));
}
