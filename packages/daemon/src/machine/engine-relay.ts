import { chmod, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { connect, type SecureContextOptions } from 'node:tls';
import type { MachineKeys } from './machine-keys.ts';

/** A machine's engine as a unix socket of this server, which only its owner may open. */
export interface EngineRelay {
  socketPath: string;
  /** Ends all conversations: a machine that is gone says no word more, and TCP would wait for it for a quarter of an hour. */
  drop(): void;
  close(): Promise<void>;
}

/** Listens on `socketPath` and passes each connection to the machine's engine, as the one client that it knows. */
export async function relayEngine(options: { socketPath: string; address: string; port: number; keys: MachineKeys }): Promise<EngineRelay> {
  const { socketPath, address, port, keys } = options;
  const secure: SecureContextOptions = { ca: keys.ca, cert: keys.clientCertificate, key: keys.clientKey, minVersion: 'TLSv1.3' };
  let session: Buffer | undefined;
  const open = new Set<{ destroy(): void }>();
  const server = createServer({ allowHalfOpen: true }, (near) => {
    // The certificate's name is the same in every machine: what counts is the authority, which only this machine has.
    const far = connect({ ...secure, host: address, port, servername: 'machine', ...(session ? { session } : {}) });
    far.on('session', (next: Buffer) => (session = next));
    for (const socket of [near, far]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o600);
  const drop = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    socketPath, drop,
    async close() {
      drop();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(socketPath, { force: true });
    },
  };
}
