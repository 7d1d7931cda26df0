import { configWord } from './config-word.ts';
import type { ProxyPaths, ProxySettings } from './settings.ts';
import type { ProxyState } from './site.ts';

export const challengePath = '/.well-known/acme-challenge/';
export const hookPath = '/-/redcontrol/hooks/';

/** Key of a plain port in the routes, where a domain has its name. */
export function portKey(port: number): string {
  return `:${port}`;
}

/** The frontend of domains on ports 80 and 443, and one for each plain port. */
export function renderFrontends(state: ProxyState, settings: ProxySettings, paths: ProxyPaths): string[] {
  const tls = `ssl crt-list ${configWord(paths.certificateList)} strict-sni alpn h2,http/1.1`;
  const ports = [...new Set(state.sites.flatMap((site) => site.port ?? []))].sort((a, b) => a - b);
  return [
    'frontend web',
    ...binds(settings, settings.httpPort),
    ...binds(settings, settings.httpsPort, tls),
    "  http-request set-var(txn.host) req.fhdr(host),field(1,:),lower,regsub('\\.$','')",
    ...rules(state, settings, paths, { domains: true }),
    '',
    ...ports.flatMap((port) => [
      `frontend port-${port}`,
      ...binds(settings, port),
      `  http-request set-var(txn.host) str(${portKey(port)})`,
      ...rules(state, settings, paths, { domains: false }),
      '',
    ]),
  ];
}

function binds(settings: ProxySettings, port: number, options = ''): string[] {
  const lines = [`  bind :${port} ${options}`];
  if (settings.ipv6) lines.push(`  bind :::${port} v6only ${options}`);
  return lines.map((line) => line.trimEnd());
}

/** HAProxy takes `http-request` rules in their order, and `use_backend` after all of them. */
function rules(state: ProxyState, settings: ProxySettings, paths: ProxyPaths, kind: { domains: boolean }): string[] {
  const httpsPort = settings.httpsPort === 443 ? '' : `:${settings.httpsPort}`;
  const httpPort = settings.httpPort === 80 ? '' : `:${settings.httpPort}`;
  const secure = `map_str(${configWord(paths.secure)}) -m found`;
  const ownPaths = [...(kind.domains && state.acmeSocket ? [challengePath] : []), ...(state.webhookSocket ? [hookPath] : [])];
  return [
    ...(state.requestLogSocket ? ['  log ring@requests format raw local0', `  log-format '${requestLogFormat}'`] : []),
    '  http-request set-var(txn.ru) bool(false)',
    '  http-request set-var(txn.ru) bool(true) if { req.fhdr(accept-language),lower -m beg ru }',
    '  http-request set-var(txn.id) uuid()',
    ...forwardedHeaders,
    `  acl own path_beg ${ownPaths.length > 0 ? ownPaths.join(' ') : hookPath}`,
    ...(kind.domains
      ? [
          `  http-request set-var(txn.redirect) var(txn.host),map_str(${configWord(paths.redirects)})`,
          `  http-request redirect location https://%[var(txn.redirect)]${httpsPort}%[pathq] code 308 if !own { var(txn.redirect) -m found } { var(txn.redirect),${secure} }`,
          `  http-request redirect location http://%[var(txn.redirect)]${httpPort}%[pathq] code 308 if !own { var(txn.redirect) -m found }`,
        ]
      : []),
    '  http-request set-var(txn.path) path',
    `  http-request set-var(txn.site) var(txn.host),concat(,txn.path,/),map_beg(${configWord(paths.routes)})`,
    `  http-request return status 404 content-type 'text/html; charset=utf-8' lf-file ${configWord(`${paths.pages}/not-found.html`)} hdr cache-control no-store if !own !{ var(txn.site) -m found }`,
    ...(kind.domains ? [`  http-request redirect location https://%[var(txn.host)]${httpsPort}%[pathq] code 308 if !own !{ ssl_fc } { var(txn.host),${secure} }`] : []),
    `  http-request return status 503 content-type 'text/html; charset=utf-8' lf-file ${configWord(`${paths.pages}/maintenance.html`)} hdr cache-control no-store hdr retry-after 60 if !own { var(txn.site),map_str(${configWord(paths.maintenance)}) -m found }`,
    '  http-after-response set-header X-Request-Id %[var(txn.id)] if { var(txn.id) -m found }',
    // A worker that is being replaced asks clients to come again, with an answer rather than by cutting idle connections.
    '  http-after-response set-header Connection close if { stopping } !{ status 101 }',
    ...(kind.domains && state.acmeSocket ? [`  use_backend acme if { path_beg ${challengePath} }`] : []),
    ...(state.webhookSocket ? [`  use_backend webhooks if { path_beg ${hookPath} }`] : []),
    '  use_backend %[var(txn.site)] unless own',
  ];
}

/** What a client claims about itself is not passed on. */
const forwardedHeaders = [
  '  http-request del-header Forwarded',
  '  http-request del-header Proxy',
  '  http-request del-header X-Forwarded- -m beg',
  '  http-request set-header X-Forwarded-For %[src]',
  '  http-request set-header X-Real-IP %[src]',
  '  http-request set-header X-Forwarded-Proto http unless { ssl_fc }',
  '  http-request set-header X-Forwarded-Proto https if { ssl_fc }',
  '  http-request set-header X-Forwarded-Host %[req.fhdr(host)]',
  '  http-request set-header X-Forwarded-Port %[dst_port]',
  '  http-request set-header X-Request-Id %[var(txn.id)]',
];

/** One JSON object a request; only `path` comes from outside and is escaped. */
const requestLogFormat = '{"at":%Ts%ms,"site":"%b","server":"%s","status":%ST,"totalMs":%Ta,"waitMs":%Tr,"bytesIn":%U,"bytesOut":%B,"end":"%ts","client":"%ci","id":"%[var(txn.id)]","method":"%[method,json(utf8s)]","path":"%[var(txn.logged),json(utf8s)]"}';
