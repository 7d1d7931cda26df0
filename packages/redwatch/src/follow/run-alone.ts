import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { dirname } from 'node:path';
import { RedControlError } from '@redcontrol/contract';

/**
 * Makes sure that only one process of this user tells events: two would tell each twice. It holds a socket that
 * nobody talks to; the system lets it go also when the process is killed.
 * Throws CONFLICT when another holds it.
 */
export async function runAlone(path: string): Promise<{ end(): Promise<void> }> {
  if (await isAnswered(path)) throw new RedControlError('CONFLICT', 'Expected to be the only `redwatch run` of this user, got another that runs', { hint: 'See it with `systemctl --user status redwatch`, or stop the one in the other terminal.' });
  if (!path.startsWith('\\\\')) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Left over by one that was killed.
    await rm(path, { force: true });
  }
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new RedControlError('CONFLICT', `Expected to hold ${path}, got ${cause.message}`, { cause })));
    server.listen(path, resolve);
  });
  server.unref();
  return { end: () => new Promise((resolve) => server.close(() => resolve())) };
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
