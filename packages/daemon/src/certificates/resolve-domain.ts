import { Resolver } from 'node:dns/promises';
import { RedControlError } from '@redcontrol/contract';

const none = new Set(['ENOTFOUND', 'ENODATA', 'NXDOMAIN']);

/** Asks DNS itself, not /etc/hosts: the CA does not see that. `servers`: others than the system's, as `address:port`. */
export function createResolve(servers?: readonly string[]): (domain: string) => Promise<string[]> {
  return async (domain) => {
    const resolver = new Resolver({ timeout: 3_000, tries: 2 });
    if (servers) resolver.setServers(servers);
    const ask = (addresses: Promise<string[]>) =>
      addresses.catch((cause: NodeJS.ErrnoException) => {
        if (none.has(cause.code ?? '')) return [];
        throw new RedControlError('CERTIFICATE_FAILED', `Expected DNS to answer for ${domain}, got ${cause.code ?? cause.message}`, { cause, hint: 'See that the server can ask DNS: resolvectl query, or /etc/resolv.conf.' });
      });
    const [v4, v6] = await Promise.all([ask(resolver.resolve4(domain)), ask(resolver.resolve6(domain))]);
    return [...v6, ...v4];
  };
}
