import { readFile, writeFile } from 'node:fs/promises';
import { runOrThrow } from '@redcontrol/system';

/** A certificate that signs itself, with its key, in one file as HAProxy reads it. */
export async function makeCertificate(file: string): Promise<void> {
  await runOrThrow('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=own', '-addext', 'subjectAltName=DNS:shop.test', '-keyout', `${file}.key`, '-out', `${file}.crt`]);
  await writeFile(file, `${await readFile(`${file}.crt`, 'utf8')}\n${await readFile(`${file}.key`, 'utf8')}`, { mode: 0o600 });
}
