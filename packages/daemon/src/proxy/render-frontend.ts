import { join } from 'node:path';
import { configWord } from './config-word.ts';
import { noMessage } from './maintenance-tables.ts';
import type { PageName } from './pages.ts';
import type { ProxyPaths, ProxySettings } from './settings.ts';
import type { ProxyState } from './site.ts';

const retryAfterSeconds = 60;
export const challengePath = '/.well-known/acme-challenge/';
export const hookPath = '/-/redcontrol/hooks/';

/** Key of a plain port in the routes, where a domain has its name. */
export function portKey(port: number): string {
  return `:${port}`;
}

/** The frontend of domains on ports 80 and 443, and one for each plain port, each with the way to its successor. */
export function renderFrontends(state: ProxyState, settings: ProxySettings, paths: ProxyPaths): string[] {
  const tls = `ssl crt-list ${configWord(paths.certificateList)} strict-sni alpn h2,http/1.1`;
  const ports = [...new Set(state.sites.flatMap((site) => site.port ?? []))].filter((port) => port !== settings.httpPort).sort((a, b) => a - b);
  return [
    'frontend web',
    ...binds(settings, settings.httpPort),
    ...binds(settings, settings.httpsPort, tls),
    handoverBind(settings, 'web'),
    handoverBind(settings, 'tls'),
    "  http-request set-var(txn.host) req.fhdr(host),field(1,:),lower,regsub('\\.$','')",
    ...rules(state, settings, paths, { domains: true }),
    '  use_backend next-tls if { stopping } secure',
    '  use_backend next-web if { stopping }',
    ...destinations(state, { domains: true }),
    '',
    ...ports.flatMap((port) => [
      `frontend port-${port}`,
      ...binds(settings, port),
      handoverBind(settings, String(port)),
      `  http-request set-var(txn.host) str(${portKey(port)})`,
      ...rules(state, settings, paths, { domains: false }),
      `  use_backend next-${port} if { stopping }`,
      ...destinations(state, { domains: false }),
      '',
    ]),
    ...['web', 'tls', ...ports.map(String)].flatMap((name) => [
      `backend next-${name}`,
      '  timeout server 24h',
      '  http-request disable-l7-retry',
      `  server next unix@${handoverSocket(settings, name)} send-proxy-v2`,
      '',
    ]),
  ];
}

function binds(settings: ProxySettings, port: number, options = ''): string[] {
  const lines = [`  bind :${port} ${options}`];
  if (settings.ipv6) lines.push(`  bind :::${port} v6only ${options}`);
  return lines.map((line) => line.trimEnd());
}

/**
 * A worker that a reload replaced keeps its clients' idle connections: closing them could cross a request on its way. What
 * comes over them it passes to the present worker, by a socket that tells the client's address (PROXY protocol).
 */
function handoverBind(settings: ProxySettings, name: string): string {
  return `  bind unix@${handoverSocket(settings, name)} name next-${name} accept-proxy mode 600${settings.user ? ` user ${settings.user}` : ''}`;
}

function handoverSocket(settings: ProxySettings, name: string): string {
  return join(settings.runDirectory, `haproxy-next-${name}.sock`);
}

/** HAProxy takes `http-request` rules in their order, and `use_backend` after all of them. */
function rules(state: ProxyState, settings: ProxySettings, paths: ProxyPaths, kind: { domains: boolean }): string[] {
  const httpsPort = settings.httpsPort === 443 ? '' : `:${settings.httpsPort}`;
  const httpPort = settings.httpPort === 80 ? '' : `:${settings.httpPort}`;
  const secure = `map_str(${configWord(paths.secure)}) -m found`;
  const ownPaths = [...(kind.domains && state.acmeSocket ? [challengePath] : []), ...(state.webhookSocket ? [hookPath] : [])];
  return [
    ...(state.requestLogSocket ? ['  log ring@requests len 4096 format raw local0', `  log-format '${requestLogFormat}'`] : []),
    '  http-request set-var(txn.ru) bool(false)',
    '  http-request set-var(txn.ru) bool(true) if { req.fhdr(accept-language),lower -m beg ru }',
    '  http-request set-var(txn.id) uuid() unless { stopping }',
    '  http-request set-log-level silent if { stopping }',
    '  acl secure ssl_fc',
    '  acl secure so_name next-tls',
    ...forwardedHeaders,
    '  acl aside stopping',
    ...ownPaths.map((path) => `  acl aside path_beg ${path}`),
    ...(kind.domains
      ? [
          `  http-request set-var(txn.moved) var(txn.host),map_str(${configWord(paths.redirects)})`,
          '  http-request set-var(txn.redirect) var(txn.moved),field(2,/)',
          `  http-request set-var(txn.target) str(http://),concat(,txn.redirect,${httpPort})`,
          `  http-request set-var(txn.target) str(https://),concat(,txn.redirect,${httpsPort}) if { var(txn.redirect),${secure} }`,
          ...[301, 308].map((status) => `  http-request redirect location %[var(txn.target)]%[pathq] code ${status} if !aside { var(txn.moved) -m beg ${status}/ }`),
        ]
      : []),
    '  http-request set-var(txn.path) path',
    `  http-request set-var(txn.site) var(txn.host),concat(,txn.path,/),map_beg(${configWord(paths.routes)})`,
    ...(kind.domains ? [`  http-request set-var(txn.site) str(${portKey(settings.httpPort)}),concat(,txn.path,/),map_beg(${configWord(paths.routes)}) if !{ var(txn.site) -m found } !secure`] : []),
    `  http-request return status 404 content-type 'text/html; charset=utf-8' lf-file ${configWord(`${paths.pages}/not-found.html`)} hdr cache-control no-store if !aside !{ var(txn.site) -m found }`,
    ...(kind.domains ? [`  http-request redirect location https://%[var(txn.host)]${httpsPort}%[pathq] code 308 if !aside !secure { var(txn.host),${secure} }`] : []),
    ...maintenanceRules(paths),
    '  http-after-response set-header X-Request-Id %[var(txn.id)] if { var(txn.id) -m found }',
    // A worker that is being replaced asks clients to come again, with an answer rather than by cutting idle connections.
    '  http-after-response set-header Connection close if { stopping } !{ status 101 }',
  ];
}

function destinations(state: ProxyState, kind: { domains: boolean }): string[] {
  return [
    ...(kind.domains && state.acmeSocket ? [`  use_backend acme if { path_beg ${challengePath} }`] : []),
    ...(state.webhookSocket ? [`  use_backend webhooks if { path_beg ${hookPath} }`] : []),
    '  use_backend %[var(txn.site)] unless aside',
  ];
}

/** Whom a site in maintenance lets in is found by the narrowest known network of the address, and the site's name with it. */
function maintenanceRules(paths: ProxyPaths): string[] {
  const page = (name: PageName) => `  http-request return status 503 content-type 'text/html; charset=utf-8' lf-file ${configWord(`${paths.pages}/${name}.html`)} hdr cache-control no-store hdr retry-after ${retryAfterSeconds} if !aside !let_in`;
  return [
    `  http-request set-var(txn.notice) var(txn.site),map_str(${configWord(paths.maintenance)})`,
    `  http-request set-var(txn.network) src,map_ip(${configWord(paths.networks)}) if { var(txn.notice) -m found }`,
    `  acl let_in var(txn.site),concat(|,txn.network),map_str(${configWord(paths.letIn)}) -m found`,
    `${page('maintenance')} { var(txn.notice) -m str ${noMessage} }`,
    `${page('maintenance-message')} { var(txn.notice) -m found }`,
  ];
}

/** What a client claims about itself is not passed on. */
const forwardedHeaders = [
  '  http-request del-header Forwarded',
  '  http-request del-header Proxy',
  '  http-request del-header X-Forwarded- -m beg',
  '  http-request set-header X-Forwarded-For %[src]',
  '  http-request set-header X-Real-IP %[src]',
  '  http-request set-header X-Forwarded-Proto http unless secure',
  '  http-request set-header X-Forwarded-Proto https if secure',
  '  http-request set-header X-Forwarded-Host %[req.fhdr(host)]',
  '  http-request set-header X-Forwarded-Port %[dst_port]',
  '  http-request set-header X-Request-Id %[var(txn.id)]',
];

/** One JSON object a request; only `path` comes from outside and is escaped. */
const requestLogFormat = '{"at":%Ts%ms,"site":"%b","server":"%s","status":%ST,"totalMs":%Ta,"waitMs":%Tr,"bytesIn":%U,"bytesOut":%B,"end":"%ts","client":"%ci","id":"%[var(txn.id)]","method":"%[method,json(utf8s)]","path":"%[var(txn.logged),json(utf8s)]"}';
