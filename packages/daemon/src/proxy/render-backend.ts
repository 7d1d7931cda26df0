import { isIPv6 } from 'node:net';
import { configWord } from './config-word.ts';
import { splitHash } from './basic-auth.ts';
import type { Site, SiteServer } from './site.ts';

/** In place of the path, for requests that are counted and not written down. */
export const notKept = 'off';
const eventStreamIdleMs = 3_600_000;
const compressedTypes = 'text/html text/css text/plain text/javascript text/xml application/javascript application/json application/xml application/manifest+json application/wasm image/svg+xml';
/** Weight of a server that takes requests; 0 drains. */
export const readyWeight = 100;

/** Name of a site's backend, also what the routes lead to. */
export function backendName(siteId: string): string {
  return `site-${siteId}`;
}

/** A site's backend; its server lines are apart, because they change at run time. */
export function renderBackend(site: Site): { head: string[]; servers: string[] } {
  return {
    head: [
      `backend ${backendName(site.id)}`,
      '  balance leastconn',
      ...(site.timeoutMs === undefined ? [] : [`  timeout server ${site.timeoutMs}ms`]),
      ...access(site),
      ...requests(site),
      ...healthCheck(site),
    ],
    servers: site.servers.map((server) => `  server ${server.name} ${serverOptions(server)}`),
  };
}

/** Address and options of a server: the same words in the file and in `add server`. */
export function serverOptions(server: SiteServer): string {
  const address = isIPv6(server.address) ? `[${server.address}]` : server.address;
  const check = server.check ? ' check inter 2s fall 3 rise 2' : '';
  return `${address}:${server.port} weight ${server.state === 'ready' ? readyWeight : 0}${check}${server.state === 'maint' ? ' disabled' : ''}`;
}

function access(site: Site): string[] {
  const lines: string[] = [];
  if (site.allow) {
    for (const network of site.allow) lines.push(`  acl allowed src ${network}`);
    lines.push(site.allow.length > 0 ? '  http-request deny status 403 unless allowed' : '  http-request deny status 403');
  }
  if (site.basicAuth) {
    site.basicAuth.forEach((user, index) => {
      const hash = splitHash(user.hash);
      if (!hash) return;
      lines.push('  http-request set-var(txn.authorization) req.fhdr(authorization)');
      lines.push(`  http-request set-var(txn.user) int(${index + 1}) if { str(${hash.salt}),concat(,txn.authorization),sha2(256),hex -m str -i ${hash.digest} }`);
    });
    lines.push("  http-request auth realm 'Restricted' unless { var(txn.user) -m found }");
    lines.push('  http-request del-header Authorization');
  }
  return lines;
}

function requests(site: Site): string[] {
  const log = site.requestLog ?? 'paths';
  return [
    ...(log === 'off' ? [`  http-request set-var(txn.logged) str(${notKept})`] : [`  http-request set-var(txn.logged) ${log === 'full' ? 'pathq' : 'path'},bytes(0,500)`]),
    ...(site.bodySizeBytes === undefined
      ? []
      : [
          `  http-request deny status 413 if { req.body_size gt ${site.bodySizeBytes} }`,
          '  http-request deny status 411 if { req.hdr_cnt(transfer-encoding) gt 0 }',
        ]),
    // An answer that never comes, or a connection that ends without one, is tried on another server, if that can do no harm.
    '  http-request disable-l7-retry unless { method GET HEAD OPTIONS } { nbsrv ge 2 }',
    `  http-request set-timeout server ${eventStreamIdleMs}ms if { req.hdr(accept) -m sub text/event-stream }`,
    ...(site.compression ? ['  compression algo gzip', `  compression type ${compressedTypes}`] : []),
  ];
}

/** All instances of a site are asked for the same path: that of the first server which has a check. */
function healthCheck(site: Site): string[] {
  const check = site.servers.find((server) => server.check)?.check;
  if (!check) return [];
  return [
    '  option httpchk',
    `  http-check send meth GET uri ${configWord(check.path)} ver HTTP/1.1 hdr Host ${site.domains[0] ?? 'localhost'} hdr User-Agent RedControl`,
    ...(check.statuses && check.statuses.length > 0 ? [`  http-check expect status ${check.statuses.join(',')}`] : ['  http-check expect status 200-399']),
  ];
}
