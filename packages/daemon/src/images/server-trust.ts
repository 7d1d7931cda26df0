import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A certificate authority that the server trusts beyond those of its distribution. */
export interface TrustedCertificate {
  /** File name, ends with `.crt`. */
  name: string;
  pem: string;
}

const localFolder = '/usr/local/share/ca-certificates';

/** The certificates that the server's administrator added, by name. Images get them, so that they trust what the server trusts. */
export async function serverTrust(folder = localFolder): Promise<TrustedCertificate[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const certificates = names.filter((name) => name.endsWith('.crt')).sort();
  return Promise.all(certificates.map(async (name) => ({ name: name.replaceAll('/', '-'), pem: await readFile(join(folder, name), 'utf8') })));
}

/** Where images keep only the added certificates: Node adds them to its own, and reads no more than it must at each start. */
export const addedBundle = '/etc/ssl/certs/redcontrol-server.pem';
const fullBundle = '/etc/ssl/certs/ca-certificates.crt';

/** Variables by which tools that carry certificates of their own take the system's; empty where nothing was added. */
export function trustVariables(trust: readonly TrustedCertificate[]): Record<string, string> {
  if (trust.length === 0) return {};
  return {
    NODE_EXTRA_CA_CERTS: addedBundle,
    SSL_CERT_FILE: fullBundle,
    PIP_CERT: fullBundle,
    REQUESTS_CA_BUNDLE: fullBundle,
    CARGO_HTTP_CAINFO: fullBundle,
    GIT_SSL_CAINFO: fullBundle,
  };
}
