import { RedControlError, type ProjectConfig } from '@redcontrol/contract';
import type { SshTarget } from '@redcontrol/system';
import { withKnownHost } from '@redcontrol/client/host-key';
import type { CommandContext } from './command-context.ts';
import { sshTarget } from './connect.ts';
import { readConfigFile } from './find-config.ts';
import { firstContact } from './first-contact.ts';

export interface ServerTarget {
  server: string;
  target: SshTarget;
  config: ProjectConfig;
}

/** Runs `work` for the server that --server names, or for all of the configuration, one after the other, as the installing user. */
export async function eachServerTarget(context: CommandContext, work: (target: ServerTarget) => Promise<void>): Promise<void> {
  if (context.global.socket !== undefined) throw new RedControlError('USAGE', 'Expected a server that is reached by SSH, got --socket');
  const { config } = await readConfigFile(context);
  const servers = context.global.server === undefined ? Object.keys(config.servers) : [context.global.server];
  for (const server of servers) {
    const target = sshTarget(context, config, server);
    await withKnownHost(target, firstContact(context), () => work({ server, target, config }));
  }
}
