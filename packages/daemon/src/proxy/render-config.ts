import { createHash } from 'node:crypto';
import { RedControlError } from '@redcontrol/contract';
import { configWord } from './config-word.ts';
import { pageNames, pageText } from './pages.ts';
import { renderBackend } from './render-backend.ts';
import { renderFrontends } from './render-frontend.ts';
import { proxyPaths, type ProxyPaths, type ProxySettings } from './settings.ts';
import type { ProxyState } from './site.ts';
import { checkState } from './check-site.ts';

/** A worker that was replaced may finish what it holds for this long; the drain of a release is kept by its own time. */
const oldWorkerHours = 24;
/**
 * Time over which a replaced worker ends idle connections, and HTTP/2 ones that are in use, by a notice to the client.
 * Long, so that hardly any is ended just as a request is on its way; most end before by their own timeout.
 */
const oldIdleMinutes = 15;
/** Replaced workers that may live at once, each about 10 MB; the oldest ends when there are more. */
const maxOldWorkers = 20;
/** Two a request, so about 10,000 requests at once; HAProxy takes less where the system allows less. */
const maxDescriptors = 20_000;
const requestRingBytes = 1024 * 1024;
const requestLineBytes = 4096;

/**
 * HAProxy's whole configuration for a state, as text. Pure.
 * Throws PROXY_FAILED for a value that has no place in it.
 */
export function renderHaproxyConfig(state: ProxyState, settings: ProxySettings): string {
  checkState(state);
  const taken = state.sites.find((site) => site.port === settings.httpsPort);
  if (taken) throw new RedControlError('PROXY_FAILED', `Expected a port of its own for ${taken.id}, got ${settings.httpsPort}, which is that of HTTPS`);
  const backends = state.sites.map(renderBackend);
  return [
    '# Written by RedControl for each change; edits are lost.',
    ...render(state, settings, structureHash(state, settings)),
    ...backends.flatMap((backend) => [...backend.head, ...backend.servers, '']),
  ].join('\n');
}

/**
 * Hash of all that needs a reload to change: everything but servers, routes, redirects, certificates and maintenance.
 * It is HAProxy's `description`, so that the running process tells which structure it has.
 */
export function structureHash(state: ProxyState, settings: ProxySettings): string {
  const structure = [...render(state, settings, ''), ...state.sites.flatMap((site) => renderBackend(site).head), ...pageNames.map(pageText)];
  return createHash('sha256').update(structure.join('\n')).digest('hex').slice(0, 32);
}

function render(state: ProxyState, settings: ProxySettings, hash: string): string[] {
  const paths = proxyPaths(settings);
  return [
    ...globalSection(settings, paths, hash),
    ...requestRing(state),
    ...defaultsSection(paths),
    ...renderFrontends(state, settings, paths),
    ...socketBackend('acme', state.acmeSocket),
    ...socketBackend('webhooks', state.webhookSocket),
  ];
}

function globalSection(settings: ProxySettings, paths: ProxyPaths, hash: string): string[] {
  return [
    'global',
    `  description ${hash}`,
    ...(settings.user ? [`  user ${settings.user}`, `  group ${settings.user}`] : []),
    `  fd-hard-limit ${maxDescriptors}`,
    `  stats socket ${configWord(paths.socket)} mode 600 level admin expose-fd listeners`,
    '  stats timeout 60s',
    `  hard-stop-after ${oldWorkerHours}h`,
    `  mworker-max-reloads ${maxOldWorkers}`,
    `  close-spread-time ${oldIdleMinutes}m`,
    '  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets',
    '  ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20',
    '',
  ];
}

/** Lines wait in memory while the daemon is away; the oldest are lost first. */
function requestRing(state: ProxyState): string[] {
  if (!state.requestLogSocket) return [];
  return ['ring requests', '  format raw', `  maxlen ${requestLineBytes}`, `  size ${requestRingBytes}`, '  timeout connect 5s', '  timeout server 10s', `  server daemon unix@${state.requestLogSocket}`, ''];
}

/**
 * Each request to an app gets its own connection (http-server-close): a pooled one could be closed by the app at the very
 * moment a POST is sent over it, and such a request must not be sent twice.
 */
function defaultsSection(paths: ProxyPaths): string[] {
  const page = (status: number, name: string) =>
    `  http-error status ${status} content-type 'text/html; charset=utf-8' lf-file ${configWord(`${paths.pages}/${name}.html`)} hdr cache-control no-store hdr retry-after 5`;
  return [
    'defaults',
    '  mode http',
    '  option http-server-close',
    '  option redispatch 1',
    '  retries 3',
    '  retry-on conn-failure empty-response response-timeout',
    '  timeout connect 3s',
    '  timeout http-request 15s',
    '  timeout http-keep-alive 60s',
    '  timeout client 60s',
    '  timeout server 60s',
    '  timeout queue 10s',
    '  timeout check 2s',
    '  timeout tunnel 24h',
    '  timeout client-fin 30s',
    '  option clitcpka',
    '  clitcpka-idle 120s',
    '  clitcpka-intvl 30s',
    '  clitcpka-cnt 4',
    page(502, 'down'),
    page(503, 'down'),
    page(504, 'no-answer'),
    '',
  ];
}

function socketBackend(name: string, socket: string | undefined): string[] {
  return socket === undefined ? [] : [`backend ${name}`, '  retries 0', `  server daemon unix@${socket}`, ''];
}
