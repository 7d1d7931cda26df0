import { channelSecretPlace } from '@redcontrol/contract';
import type { CommandContext } from './command-context.ts';
import { withEachServer, withProject, type ProjectConnection } from './connect.ts';

/** Runs `work` where a secret belongs: on the environment's server, or for channels on every server of the project. */
export async function withSecretServers(context: CommandContext, place: string, work: (connection: ProjectConnection) => Promise<unknown>): Promise<void> {
  if (place !== channelSecretPlace) return void (await withProject(context, { environment: place }, work));
  const failed = await withEachServer(context, async (connection) => void (await work(connection)));
  if (failed.length > 0) throw failed[0]?.error;
}
