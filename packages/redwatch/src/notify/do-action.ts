import { dirname, join } from 'node:path';
import { writeFileAtomic } from '@redcontrol/system';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { readStepLog } from '@redcontrol/client/runs/follow-log';
import type { CommandContext } from '../cli/command-context.ts';
import { openPage, openWithDesktop } from '../desktop/open-page.ts';
import type { ActionName, Message } from '../notices/message.ts';
import { openServer } from '../servers/open-server.ts';

const maxLogBytes = 2 * 1024 ** 2;

/** Does what a person chose on a notification. Throws what the server answers, and COMMAND_FAILED when nothing can be opened here. */
export async function doAction(context: CommandContext, action: ActionName, { notice }: Message): Promise<void> {
  const server = context.settings.servers.find(({ name }) => name === notice?.server);
  if (!notice || !server) return;
  const client = await openServer(server, { signal: context.signal });
  try {
    if (action === 'retry' && notice.runId !== null) await client.call('run.retry', { run: notice.runId }, { signal: context.signal });
    if (action === 'log' && notice.runId !== null) await openWithDesktop(await saveLog(context, client, notice.runId));
    if (action === 'open') await openPage(await pageOf(context, client, notice));
  } finally {
    await client.close();
  }
}

/** The deployed site; without one, the repository's page. */
async function pageOf({ signal }: CommandContext, client: DaemonClient, { project, environments }: NonNullable<Message['notice']>): Promise<string> {
  const state = await client.call('project.show', { project }, { signal });
  return state.environments.find(({ name }) => environments.includes(name))?.url ?? state.repository;
}

async function saveLog(context: CommandContext, client: DaemonClient, run: number): Promise<string> {
  const { steps } = await client.call('run.show', { run }, { signal: context.signal });
  const step = steps.find(({ status }) => status === 'failed') ?? steps.at(-1);
  const parts: Buffer[] = [];
  let bytes = 0;
  if (step) await readStepLog(client, { run, step: step.index }, {
    signal: context.signal,
    onBytes: (part) => {
      if (bytes < maxLogBytes) parts.push(part);
      bytes += part.length;
    },
  });
  const path = join(dirname(context.places.cursors), 'last-log.txt');
  await writeFileAtomic(path, Buffer.concat(parts));
  return path;
}
