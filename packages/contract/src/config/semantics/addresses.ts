import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';
import { serversOf } from './servers.ts';

/** Ports of every server that the proxy listens on for domains, certificates and webhooks. */
const proxyPorts = [80, 443];

/** Two things that would answer at one address, and addresses that nothing can answer at. */
export function addressProblems(config: ProjectConfig): ConfigProblem[] {
  return [...domainProblems(config), ...portProblems(config), ...redirectProblems(config)];
}

function domainProblems(config: ProjectConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const owners = new Map<string, string>();
  for (const [name, environment] of Object.entries(config.environments)) {
    const urlPath = normalPath(environment.traffic?.path);
    for (const { domain, path } of listed(environment.domain, ['environments', name, 'domain'])) {
      if (/^\d+(\.\d+){3}$/.test(domain)) {
        problems.push({ path, about: 'value', expected: 'a domain name', got: `the address ${domain}`, hint: 'Leave "domain" out: the environment then answers at the server\'s address and a port.' });
        continue;
      }
      const address = `${domain}${urlPath}`;
      const owner = owners.get(address);
      if (owner) problems.push({ path, about: 'value', expected: 'a domain and path of its own', got: `${address}, which ${owner === name ? 'stands here already' : `environment ${owner} has`}` });
      else owners.set(address, name);
    }
  }
  return problems;
}

function portProblems(config: ProjectConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const owners = new Map<string, string>();
  for (const [name, { port }] of Object.entries(config.environments)) {
    if (port === undefined) continue;
    const path = ['environments', name, 'port'];
    for (const server of serversOf(config, name)) {
      const place = `${server}:${port}`;
      const owner = owners.get(place);
      if (proxyPorts.includes(port)) problems.push({ path, about: 'value', expected: 'a free port', got: `${port}, which RedControl's proxy uses for domains`, hint: 'Set "domain" to be reached at ports 80 and 443, or take another port.' });
      else if (port === config.servers[server]?.port) problems.push({ path, about: 'value', expected: 'a free port', got: `${port}, where SSH of server ${server} listens` });
      else if (owner) problems.push({ path, about: 'value', expected: 'a port of its own', got: `${port}, which environment ${owner} has on server ${server}` });
      else owners.set(place, name);
    }
  }
  return problems;
}

function redirectProblems(config: ProjectConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const owners = new Map<string, string>();
  const redirected = new Set(Object.values(config.environments).flatMap(({ traffic }) => Object.keys(traffic?.redirects ?? {})));
  const served = new Set(Object.entries(config.environments).flatMap(([, { domain }]) => listed(domain, []).map((entry) => entry.domain)));
  for (const [name, environment] of Object.entries(config.environments)) {
    for (const [from, redirect] of Object.entries(environment.traffic?.redirects ?? {})) {
      const path = ['environments', name, 'traffic', 'redirects', from];
      const to = typeof redirect === 'string' ? redirect : redirect.to;
      const owner = owners.get(from);
      if (owner) problems.push({ path, about: 'key', expected: 'a domain that is redirected once', got: `${showValue(from)}, which environment ${owner} redirects` });
      else owners.set(from, name);
      if (redirected.has(to)) problems.push({ path: typeof redirect === 'string' ? path : [...path, 'to'], about: 'value', expected: 'a domain that is not redirected itself', got: showValue(to) });
      if (served.has(from)) problems.push({ path, about: 'key', expected: 'a domain that no environment serves', got: `${showValue(from)}, which is served and so cannot be redirected` });
    }
  }
  return problems;
}

function listed(domain: string | readonly string[] | undefined, path: (string | number)[]): { domain: string; path: (string | number)[] }[] {
  if (domain === undefined) return [];
  if (typeof domain === 'string') return [{ domain, path }];
  return domain.map((one, index) => ({ domain: one, path: [...path, index] }));
}

/** `/api/` and `/api` are one place. */
export function normalPath(path: string | undefined): string {
  return `/${(path ?? '').replace(/^\/+|\/+$/g, '')}`;
}
