import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { rootCertificates } from 'node:tls';
import type * as Acme from 'acme-client';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import type { ChallengeServer } from './challenge-server.ts';

export interface Authority {
  directoryUrl: string;
  /** Key of our account with the CA; made at first use, mode 0600. */
  accountKeyFile: string;
  contactEmail?: string;
  /** CA file that the CA's own HTTPS is checked against, beside the usual ones. */
  caFile?: string;
  challenges: ChallengeServer;
}

const requestTimeoutMs = 30_000;

/**
 * A certificate for one domain by ACME with HTTP-01, as PEM: chain, then key (EC P-256).
 * Throws CERTIFICATE_FAILED with what the CA said.
 */
export async function orderCertificate(domain: string, authority: Authority): Promise<string> {
  try {
    const agent = new Agent(authority.caFile ? { ca: [...rootCertificates, await readFile(authority.caFile, 'utf8')] } : {});
    await expectAuthority(authority.directoryUrl, agent);
    const acme = await loadAcme(agent);
    const client = new acme.Client({
      directoryUrl: authority.directoryUrl, accountKey: await accountKey(authority.accountKeyFile, acme), backoffAttempts: 20, backoffMin: 1_000, backoffMax: 10_000,
    });
    await openAccount(client, authority.contactEmail);
    const key = await acme.crypto.createPrivateEcdsaKey('P-256');
    const [, csr] = await acme.crypto.createCsr({ commonName: domain, altNames: [domain] }, key);
    const forget = new Map<string, () => void>();
    const chain = await client.auto({
      csr,
      skipChallengeVerification: true,
      challengePriority: ['http-01'],
      challengeCreateFn: async (_authorization, challenge, answer) => {
        if (challenge.type !== 'http-01') throw new Error(`the CA offers no http-01 challenge for ${domain}`);
        forget.set(challenge.token, authority.challenges.answer(challenge.token, answer));
      },
      challengeRemoveFn: async (_authorization, challenge) => forget.get(challenge.token)?.(),
    });
    return checked(domain, chain, key.toString());
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new RedControlError('CERTIFICATE_FAILED', `Expected a certificate for ${domain} from ${new URL(authority.directoryUrl).host}, got ${said.slice(0, 800)}`, {
      cause, hint: `The CA must reach http://${domain}/ on port 80 from outside. It is tried again by itself, with growing waits.`,
    });
  }
}

/** acme-client is loaded when it is first needed: most of the time no certificate is due, and it is large. */
async function loadAcme(httpsAgent: Agent): Promise<typeof Acme> {
  const acme = await import('acme-client');
  const { defaults } = acme.axios;
  Object.assign(defaults, { timeout: requestTimeoutMs, httpsAgent, acmeSettings: { ...(defaults as { acmeSettings?: object }).acmeSettings, retryMaxAttempts: 1, retryDefaultDelay: 2 } });
  return acme;
}

/** acme-client 5.4 hides why a CA cannot be reached behind an error of its own, so it is seen to before. */
function expectAuthority(directoryUrl: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = get(directoryUrl, { agent, signal: AbortSignal.timeout(requestTimeoutMs), headers: { 'user-agent': 'RedControl' } }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`status ${response.statusCode} at ${directoryUrl}`));
    });
    sent.once('error', reject);
  });
}

/** Finds or makes our account. For one that is there acme-client also sends an empty update, which strict CAs refuse. */
async function openAccount(client: Acme.Client, contactEmail: string | undefined): Promise<void> {
  try {
    await client.createAccount({ termsOfServiceAgreed: true, ...(contactEmail ? { contact: [`mailto:${contactEmail}`] } : {}) });
  } catch (error) {
    try {
      client.getAccountUrl();
    } catch {
      throw error;
    }
  }
}

async function accountKey(file: string, acme: typeof Acme): Promise<string> {
  const known = await readIfExists(file);
  if (known !== undefined) return known;
  const made = (await acme.crypto.createPrivateEcdsaKey('P-256')).toString();
  await writeFileAtomic(file, made);
  return made;
}

function checked(domain: string, chain: string, key: string): string {
  const leaf = new X509Certificate(chain);
  if (!leaf.checkHost(domain)) throw new Error(`a certificate that does not name ${domain}`);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('a certificate for another key');
  return `${chain.trim()}\n${key.trim()}\n`;
}
