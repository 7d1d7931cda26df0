import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';
import { guestAddress } from './network/addresses.ts';

/** Keys by which the daemon and a machine's engine know each other; texts in PEM. */
export interface MachineKeys {
  ca: string;
  serverCertificate: string;
  serverKey: string;
  clientCertificate: string;
  clientKey: string;
}

/** Longer than any machine's life; a machine of another image gets new ones. */
const validDays = 3650;

/**
 * New keys, of an authority that is thrown away at once: nobody can make further ones. The engine answers only who
 * shows the client's, so other processes on the server, which can reach its port, get nowhere.
 */
export async function makeMachineKeys(): Promise<MachineKeys> {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-keys-'));
  const openssl = (...args: string[]) => runOrThrow('openssl', args, { cwd: folder, timeoutMs: 60_000 });
  try {
    await writeFile(join(folder, 'server.ext'), `subjectAltName=DNS:machine,IP:${guestAddress}\nextendedKeyUsage=serverAuth\n`);
    await writeFile(join(folder, 'client.ext'), 'extendedKeyUsage=clientAuth\n');
    await openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca-key.pem', '-out', 'ca.pem', '-days', String(validDays), '-subj', '/CN=machine authority');
    for (const name of ['server', 'client']) {
      await openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}-key.pem`, '-out', `${name}.csr`, '-subj', `/CN=${name === 'server' ? 'machine' : 'daemon'}`);
      await openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-out', `${name}.pem`, '-days', String(validDays), '-extfile', `${name}.ext`);
    }
    const text = (name: string) => readFile(join(folder, name), 'utf8');
    return {
      ca: await text('ca.pem'), serverCertificate: await text('server.pem'), serverKey: await text('server-key.pem'),
      clientCertificate: await text('client.pem'), clientKey: await text('client-key.pem'),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
