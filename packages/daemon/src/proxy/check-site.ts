import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { domain as domainName, RedControlError } from '@redcontrol/contract';
import { hashPattern } from './basic-auth.ts';
import type { ProxyState, Site, SiteServer } from './site.ts';

const maintenanceMessageLength = 500;
/** Also fit to name a file. */
export const siteIdPattern = /^[a-z0-9][a-z0-9-]{0,199}(\.[a-z0-9-]{1,50})?$/;
const serverNamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** Of what a URL path may hold, all but what is special in HAProxy's command line (`;`, `'`, `\`). */
const pathPattern = /^\/[A-Za-z0-9._~%@:+,=&!$()*/-]{0,500}$/;
const checkPathPattern = /^\/[!-~]{0,1000}$/;

/**
 * Values that reach HAProxy's file or its command line, checked once more where they are used: they come from
 * repositories and people. Throws PROXY_FAILED.
 */
export function checkState(state: ProxyState): void {
  const ids = new Set<string>();
  for (const site of state.sites) {
    expect(siteIdPattern.test(site.id), 'a site id of a–z, 0–9, "-" and one "."', site.id);
    expect(!ids.has(site.id), 'each site once', site.id);
    ids.add(site.id);
    checkSite(site);
  }
  for (const socket of [state.webhookSocket, state.acmeSocket, state.requestLogSocket]) {
    if (socket !== undefined) checkFile(socket);
  }
}

function checkSite(site: Site): void {
  const names = [...site.domains, ...Object.keys(site.redirects), ...Object.values(site.redirects).map(({ to }) => to)];
  for (const name of names) expect(domainName.safeParse(name).success, 'a domain in lower case', name);
  for (const { status } of Object.values(site.redirects)) expect(status === 301 || status === 308, 'a redirect by 301 or 308', status);
  if (site.port !== undefined) expect(isPort(site.port), 'a port from 1 to 65535', site.port);
  if (site.pathPrefix !== undefined) expect(pathPattern.test(site.pathPrefix), 'a plain path such as /api', site.pathPrefix);
  if (site.bodySizeBytes !== undefined) expect(Number.isSafeInteger(site.bodySizeBytes) && site.bodySizeBytes > 0, 'a body size in bytes', site.bodySizeBytes);
  if (site.timeoutMs !== undefined) expect(Number.isInteger(site.timeoutMs) && site.timeoutMs > 0 && site.timeoutMs < 2 ** 31, 'a time limit in milliseconds', site.timeoutMs);
  for (const network of [...(site.allow ?? []), ...(site.maintenance?.letIn ?? [])]) expect(isNetwork(network), 'an address or a network such as 192.0.2.0/24', network);
  for (const user of site.basicAuth ?? []) expect(hashPattern.test(user.hash), 'a hash of hashBasicAuth', `that of ${JSON.stringify(user.user)}`);
  const message = site.maintenance?.message;
  if (message !== undefined) expect(message.trim() !== '' && message.length <= maintenanceMessageLength, `a message of at most ${maintenanceMessageLength} characters`, message);
  if (site.certificate !== undefined) checkFile(site.certificate);
  for (const server of site.servers) checkServer(server);
  expect(new Set(site.servers.map((server) => server.name)).size === site.servers.length, 'names of servers once each', site.id);
}

function checkServer(server: SiteServer): void {
  expect(serverNamePattern.test(server.name), 'a server name of letters, digits, ".", "_" and "-"', server.name);
  expect(isIP(server.address) !== 0, 'an IP address of a server', server.address);
  expect(isPort(server.port), 'a port from 1 to 65535', server.port);
  if (!server.check) return;
  expect(checkPathPattern.test(server.check.path), 'a path to check such as /health', server.check.path);
  for (const status of server.check.statuses ?? []) expect(Number.isInteger(status) && status >= 100 && status <= 599, 'a status from 100 to 599', status);
}

function checkFile(path: string): void {
  expect(isAbsolute(path) && /^[!-~]+$/.test(path) && !/[;\\'"<]/.test(path), 'an absolute path without spaces', path);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** An IP address, or one with the length of a network's prefix. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function expect(holds: boolean, what: string, got: unknown): asserts holds {
  if (!holds) throw new RedControlError('PROXY_FAILED', `Expected ${what}, got ${JSON.stringify(got)}`);
}
