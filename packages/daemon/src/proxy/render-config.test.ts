import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configWord } from './config-word.ts';
import { renderHaproxyConfig, structureHash } from './render-config.ts';
import { renderTables } from './render-maps.ts';
import { proxyPaths, type ProxySettings } from './settings.ts';
import type { ProxyState, Site, SiteServer } from './site.ts';
import { testSite } from './test-bed/proxy-world.ts';

const settings: ProxySettings = { directory: '/var/lib/rc/haproxy', runDirectory: '/run/rc', httpPort: 80, httpsPort: 443, ipv6: true };
const server: SiteServer = { name: 'r1-web-1', address: '127.0.0.1', port: 3000, state: 'ready' };
const stateOf = (change: Partial<Site>): ProxyState => ({ sites: [testSite({ servers: [server], ...change })] });

test('every value that could break out of its line is refused', () => {
  const evil = '\n  http-request deny\n';
  const states: [string, ProxyState][] = [
    ['id', stateOf({ id: `shop${evil}` })],
    ['domain', stateOf({ domains: [`shop.test${evil}`] })],
    ['domain with a space', stateOf({ domains: ['shop.test site-other'] })],
    ['redirect from', stateOf({ redirects: { [`a.test${evil}`]: { to: 'shop.test', status: 308 as const } } })],
    ['redirect to', stateOf({ redirects: { 'a.test': { to: `shop.test/%[src]`, status: 308 } } })],
    ['path prefix', stateOf({ pathPrefix: '/api;del map x' })],
    ['path prefix with a line end', stateOf({ pathPrefix: `/api${evil}` })],
    ['server name', stateOf({ servers: [{ ...server, name: 'a b' }] })],
    ['server address', stateOf({ servers: [{ ...server, address: 'example.com' }] })],
    ['server port', stateOf({ servers: [{ ...server, port: Number.NaN }] })],
    ['check path', stateOf({ servers: [{ ...server, check: { path: `/a${evil}` } }] })],
    ['check status', stateOf({ servers: [{ ...server, check: { path: '/', statuses: [99] } }] })],
    ['allow list', stateOf({ allow: ['0.0.0.0/0 or TRUE'] })],
    ['network bits', stateOf({ allow: ['192.0.2.0/33'] })],
    ['hash', stateOf({ basicAuth: [{ user: 'a', hash: `sha256$x${evil}` }] })],
    ['certificate', stateOf({ certificate: `/etc/a.pem${evil}` })],
    ['time limit', stateOf({ timeoutMs: -1 })],
    ['body size', stateOf({ bodySizeBytes: 1.5 })],
    ['socket', { sites: [], webhookSocket: `/run/a${evil}` }],
    ['the port of HTTPS', stateOf({ port: 443 })],
    ['two of one id', { sites: [testSite(), testSite()] }],
  ];
  for (const [what, state] of states) assert.throws(() => renderHaproxyConfig(state, settings), { code: 'PROXY_FAILED' }, what);
});

test('a word for the file is quoted so that nothing in it is special', () => {
  assert.equal(configWord('/health'), '/health');
  assert.equal(configWord(`/it's #1 "$x" \\`), `'/it'\\''s #1 "$x" \\'`);
  assert.throws(() => configWord('a\nb'), { code: 'PROXY_FAILED' });
});

test('servers, domains and maintenance are not part of the structure; ports and options are', () => {
  const base = structureHash(stateOf({}), settings);
  assert.equal(structureHash(stateOf({ servers: [{ ...server, name: 'r2-web-1', state: 'drain' }] }), settings), base);
  assert.equal(structureHash(stateOf({ domains: ['a.test', 'b.test'], redirects: { 'c.test': { to: 'a.test', status: 301 } }, maintenance: { message: 'x', letIn: ['192.0.2.0/24'] } }), settings), base);
  for (const change of [{ port: 8000 }, { timeoutMs: 5 }, { compression: true }, { allow: ['::1'] }, { bodySizeBytes: 5 }]) {
    assert.notEqual(structureHash(stateOf(change), settings), base, JSON.stringify(change));
  }
});

test('the file says how each server stands', () => {
  const text = renderHaproxyConfig(stateOf({ servers: [server, { ...server, name: 'r0-web-1', address: '::1', state: 'drain' }, { ...server, name: 'r0-web-2', state: 'maint' }] }), settings);
  assert.match(text, /^ {2}server r1-web-1 127\.0\.0\.1:3000 weight 100$/m);
  assert.match(text, /^ {2}server r0-web-1 \[::1\]:3000 weight 0$/m);
  assert.match(text, /^ {2}server r0-web-2 127\.0\.0\.1:3000 weight 0 disabled$/m);
});

test('routes are by host and path, and one address belongs to one site', () => {
  const paths = proxyPaths(settings);
  const sites = [testSite({ port: 8000, redirects: { 'www.shop.test': { to: 'shop.test', status: 308 } } }), testSite({ id: 'shop--production--api', pathPrefix: '/api/' })];
  assert.deepEqual(renderTables({ sites }, { 'shop.test': '/c/shop.test.pem' }, paths), {
    [paths.routes]: { 'shop.test/': 'site-shop--production', ':8000/': 'site-shop--production', 'shop.test/api/': 'site-shop--production--api' },
    [paths.redirects]: { 'www.shop.test': '308/shop.test' },
    [paths.secure]: { 'shop.test': '1' },
    [paths.maintenance]: {},
    [paths.networks]: {},
    [paths.letIn]: {},
  });
  assert.throws(() => renderTables({ sites: [testSite(), testSite({ id: 'other--production' })] }, {}, paths), { code: 'PROXY_FAILED', message: /shop\.test\/.*shop--production and other--production/ });
});
