import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { SshTarget } from '@redcontrol/system';
import { inspectServer } from './inspect-server.ts';
import { serverFindings, type ServerFinding } from './server-findings.ts';
import type { ServerFacts } from './server-facts.ts';

export interface CheckOptions {
  /** Domains that are to lead to this server. */
  domains?: readonly string[];
  signal?: AbortSignal;
}

/** Looks at a server and at the domains that shall lead to it; changes nothing. Throws what `inspectServer` throws. */
export async function checkServer(target: SshTarget, options: CheckOptions = {}): Promise<ServerFinding[]> {
  const facts = await inspectServer(target, { signal: options.signal });
  const own = new Set([...(await addressesOf(target.host)), ...facts.addresses]);
  const domains = await Promise.all(
    (options.domains ?? []).map(async (domain) => domainFinding(domain, await addressesOf(domain), own)),
  );
  return [...serverFindings(facts), daemonFinding(facts), ...domains];
}

function daemonFinding({ redcontrol: { release, service, proxy } }: ServerFacts): ServerFinding {
  if (release === null) return { id: 'daemon', level: 'ok', text: 'RedControl is not installed yet', remedy: null };
  if (service === 'active' && proxy === 'active') return { id: 'daemon', level: 'ok', text: `RedControl ${release} runs`, remedy: null };
  return {
    id: 'daemon',
    level: 'fail',
    text: `Expected the daemon ${release} and its HAProxy to run, got ${service} and ${proxy}`,
    remedy: 'Run redcontrol apply again, or see journalctl -u redcontrol -u redcontrol-haproxy on the server.',
  };
}

function domainFinding(domain: string, found: string[], own: Set<string>): ServerFinding {
  const id = `domain ${domain}` as const;
  const [wanted = 'its address'] = own;
  if (found.length === 0) {
    return { id, level: 'fail', text: `Expected ${domain} to lead to this server, got no address`, remedy: `Make an A record for ${domain} with ${wanted}.` };
  }
  if (found.every((address) => own.has(address))) return { id, level: 'ok', text: `${domain} leads to this server`, remedy: null };
  if (found.some((address) => own.has(address))) {
    return { id, level: 'warn', text: `${domain} leads to this server and to others (${found.join(', ')})`, remedy: 'Remove the other records unless a second server is meant: certificates may fail.' };
  }
  return { id, level: 'warn', text: `${domain} leads to ${found.join(', ')}, which is not known to be this server`, remedy: `Set its A record to ${wanted}, unless a CDN or a router forwards to this server.` };
}

async function addressesOf(host: string): Promise<string[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare)) return [bare];
  const found = await lookup(bare, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}
