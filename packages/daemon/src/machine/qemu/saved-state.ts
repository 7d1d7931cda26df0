import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, chown, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { RedControlError } from '@redcontrol/contract';
import { connectWhenThere, type Qmp } from './qmp.ts';

const moveTimeoutMs = 120_000;

/**
 * Memory that lies in a shared file is left out of the state: it is there already. Copies read the same file, each with
 * its own writes, so a resume costs the state of the devices alone, and untouched memory is there once for all.
 */
const capabilities = (memoryIn: MemoryPlace) => ({ capabilities: [{ capability: 'x-ignore-shared', state: memoryIn === 'file' }] });

/** Where the memory of a saved machine is: in the file that it had it in, or in the state, as QEMU does by itself. */
export type MemoryPlace = 'file' | 'state';

interface StateMove {
  qmp: Qmp;
  /** Of the machine; QEMU may make sockets there. */
  directory: string;
  file: string;
  user: { uid: number; gid: number };
  memoryIn?: MemoryPlace;
}

/** Stops the machine and writes the state of its devices; the process has to be ended then. */
export async function saveState({ qmp, directory, file, user, memoryIn = 'file' }: StateMove): Promise<void> {
  const path = join(directory, 'save.sock');
  await rm(path, { force: true });
  await qmp.run('stop');
  const written = new Promise<void>((resolve, reject) => {
    const server = createServer((socket) => {
      server.close();
      pipeline(socket, createWriteStream(file, { mode: 0o640 })).then(resolve, reject);
    });
    server.on('error', reject);
    server.listen(path, () => {
      chown(path, user.uid, user.gid)
        .then(() => chmod(path, 0o600))
        .then(() => qmp.run('migrate-set-capabilities', capabilities(memoryIn)))
        .then(() => qmp.run('migrate', { uri: `unix:${path}` }))
        .catch((error: unknown) => {
          server.close();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  });
  await Promise.all([written, moved(qmp)]);
}

/** Gives a waiting QEMU a saved state and lets it run. */
export async function loadState({ qmp, directory, file, memoryIn = 'file' }: StateMove): Promise<void> {
  const path = join(directory, 'load.sock');
  await qmp.run('migrate-set-capabilities', capabilities(memoryIn));
  await qmp.run('migrate-incoming', { uri: `unix:${path}` });
  const socket = await connectWhenThere(path, { timeoutMs: moveTimeoutMs });
  await pipeline(createReadStream(file), socket);
  await moved(qmp);
  await qmp.run('cont');
}

async function moved(qmp: Qmp): Promise<void> {
  const until = Date.now() + moveTimeoutMs;
  for (;;) {
    const { status, 'error-desc': reason } = (await qmp.run('query-migrate')) as { status?: string; 'error-desc'?: string };
    if (status === 'completed') return;
    if (status === 'failed' || Date.now() > until) throw new RedControlError('COMMAND_FAILED', `Expected QEMU to move a machine's state, got ${status ?? 'nothing'} ${reason ?? ''}`.trim());
    await delay(5);
  }
}
