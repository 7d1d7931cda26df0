import { chmod, chown, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { DaemonContext } from '../context.ts';
import { readPreamble } from './preamble.ts';
import { serveConnection, type ApiParts } from './serve-connection.ts';

const maxConnections = 200;

/** Serves the JSON-RPC of the contract on a unix socket that root and the group `redcontrol` may open. */
export async function serveConnections(daemon: DaemonContext, parts: ApiParts, socket: { path: string; gid?: number }): Promise<{ close(): Promise<void> }> {
  await rm(socket.path, { force: true });
  const open = new Set<Socket>();
  const server: Server = createServer((connection) => {
    open.add(connection);
    connection.on('error', () => connection.destroy());
    connection.once('close', () => open.delete(connection));
    readPreamble(connection)
      .then((preamble) => serveConnection(daemon, parts, { connection, ...preamble }))
      .catch(() => connection.destroy());
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket.path, resolve);
  });
  await chmod(socket.path, 0o660);
  if (socket.gid !== undefined) await chown(socket.path, 0, socket.gid);
  return {
    close: () =>
      new Promise((resolve) => {
        for (const connection of open) connection.destroy();
        server.close(() => resolve());
      }),
  };
}
