import { RedControlError } from '@redcontrol/contract';

/** The server that is named, or the only one. Throws USAGE when several could be meant. */
export function onlyServer(servers: readonly string[], named: string | undefined): string {
  if (named !== undefined) return named;
  if (servers.length === 1 && servers[0]) return servers[0];
  throw new RedControlError('USAGE', `Expected to know which of the servers ${servers.join(', ')} is meant, got none`, { hint: 'Name it with --server.' });
}
