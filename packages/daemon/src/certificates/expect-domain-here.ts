import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { RedControlError } from '@redcontrol/contract';
import type { ChallengeServer } from './challenge-server.ts';

const answersWithinMs = 5_000;
const keptBytes = 200;

export interface DomainCheck {
  challenges: ChallengeServer;
  /** Port that the CA asks on: 80. */
  httpPort: number;
  /** IPv4 and IPv6 addresses of a domain; [] when it has none. */
  resolve: (domain: string) => Promise<string[]>;
  signal?: AbortSignal;
}

/**
 * Asks for a nonce through the domain, at each of its addresses, as the CA will. Throws CERTIFICATE_FAILED when the
 * domain has no address or another server answers there. Silence is let pass: behind some routers a server cannot reach
 * itself by its public address, and the CA still can.
 */
export async function expectDomainHere(domain: string, check: DomainCheck): Promise<void> {
  const addresses = await check.resolve(domain);
  if (addresses.length === 0) {
    throw new RedControlError('CERTIFICATE_FAILED', `Expected ${domain} to lead to this server, got no address for it`, { hint: `Add an A record (IPv4) or AAAA record (IPv6) of ${domain} with this server's address. It is looked at again by itself.` });
  }
  const token = `redcontrol-${randomBytes(16).toString('hex')}`;
  const nonce = randomBytes(16).toString('hex');
  const forget = check.challenges.answer(token, nonce);
  try {
    for (const address of addresses) {
      const got = await askAt(address, domain, token, check);
      if (got === undefined || got.text === nonce) continue;
      throw new RedControlError('CERTIFICATE_FAILED', `Expected ${domain} to lead to this server, got ${address}, where another server answers (status ${got.status})`, {
        hint: `Set the A and AAAA records of ${domain} to this server's addresses; a proxy or CDN in front must pass /.well-known/acme-challenge/ on. It is looked at again by itself.`,
      });
    }
  } finally {
    forget();
  }
}

/** What is answered at an address, or undefined when nobody is. */
function askAt(address: string, domain: string, token: string, check: DomainCheck): Promise<{ status: number; text: string } | undefined> {
  return new Promise((resolve) => {
    const limit = AbortSignal.any([AbortSignal.timeout(answersWithinMs), ...(check.signal ? [check.signal] : [])]);
    const sent = request(
      { host: address, port: check.httpPort, path: `/.well-known/acme-challenge/${token}`, agent: false, signal: limit, headers: { host: domain, 'user-agent': 'RedControl' } },
      (response) => {
        let text = '';
        const done = () => resolve({ status: response.statusCode ?? 0, text });
        response.on('data', (chunk: Buffer) => {
          if (text.length < keptBytes) text += chunk.toString('utf8');
        });
        response.once('end', done);
        response.once('error', done);
      },
    );
    sent.once('error', () => resolve(undefined));
    sent.end();
  });
}
