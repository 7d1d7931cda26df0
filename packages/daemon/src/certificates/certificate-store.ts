import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { domain as domainName } from '@redcontrol/contract';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';

/** A domain's certificate and how the last attempts went. Times in ms since 1970. */
export interface StoredCertificate {
  /** PEM file with chain and key; left out: there is none yet. */
  file?: string;
  notBefore?: number;
  notAfter?: number;
  /** Failures in a row. */
  failures: number;
  error: string | null;
  /** No attempt before this. */
  retryAt: number;
}

const attempts = z.object({ failures: z.int(), error: z.string().nullable(), retryAt: z.number() });

/** All domains known in a folder: `<domain>.pem` (0600) and `<domain>.json`. What cannot be read counts as not there. */
export async function loadCertificates(directory: string): Promise<Map<string, StoredCertificate>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const known = new Map<string, StoredCertificate>();
  const names = new Set((await readdir(directory)).flatMap((file) => /^(.+)\.(?:pem|json)$/.exec(file)?.[1] ?? []));
  for (const name of names) {
    if (!domainName.safeParse(name).success) continue;
    const history = attempts.safeParse(parseJson(await readIfExists(join(directory, `${name}.json`))));
    const validity = await readValidity(join(directory, `${name}.pem`));
    known.set(name, { failures: 0, error: null, retryAt: 0, ...history.data, ...validity });
  }
  return known;
}

/** Keeps a new certificate; the domain's failures are forgotten. */
export async function keepCertificate(directory: string, domain: string, made: { pem: string; retryAt: number }): Promise<StoredCertificate> {
  const file = join(directory, `${domain}.pem`);
  await writeFileAtomic(file, made.pem, 0o600);
  const stored: StoredCertificate = { failures: 0, error: null, retryAt: made.retryAt, ...(await readValidity(file)) };
  await keepAttempts(directory, domain, stored);
  return stored;
}

/** Keeps how the last attempts went, so that a restart does not ask the CA at once again. */
export async function keepAttempts(directory: string, domain: string, stored: StoredCertificate): Promise<void> {
  const { failures, error, retryAt } = stored;
  await writeFileAtomic(join(directory, `${domain}.json`), JSON.stringify({ failures, error, retryAt }));
}

export async function forgetCertificate(directory: string, domain: string): Promise<void> {
  for (const kind of ['pem', 'json']) await rm(join(directory, `${domain}.${kind}`), { force: true });
}

async function readValidity(file: string): Promise<Pick<StoredCertificate, 'file' | 'notBefore' | 'notAfter'>> {
  try {
    const certificate = new X509Certificate(await readFile(file));
    return { file, notBefore: certificate.validFromDate.getTime(), notAfter: certificate.validToDate.getTime() };
  } catch {
    return {};
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
