import { serversOf, type ProjectConfig } from '@redcontrol/contract';

/** Where a git host sends its webhooks: a domain of the project on that server, or the server's address. */
export function webhookUrl(config: ProjectConfig, server: string, path: string): string {
  for (const [name, { domain, https }] of Object.entries(config.environments)) {
    const first = typeof domain === 'string' ? domain : domain?.[0];
    if (first !== undefined && serversOf(config, name).includes(server)) return `${https === 'off' ? 'http' : 'https'}://${first}${path}`;
  }
  const host = config.servers[server]?.host ?? server;
  // An IPv6 address stands in brackets in a URL.
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}${path}`;
}
