import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { ask } from '../proxy/test-bed/load.ts';
import { createProxyWorld, freePort, testSite, type ProxyWorld } from '../proxy/test-bed/proxy-world.ts';
import type { SiteServer } from '../proxy/index.ts';
import { createCertificates, type Certificates, type CertificatesOptions } from './certificates.ts';
import { createMovableClock } from './test-bed/movable-clock.ts';
import { canRunPebble, startPebble, type Pebble } from './test-bed/pebble.ts';

const skip = (await canRunPebble()) ? false : 'Go is not installed: Pebble, the ACME server of this test, cannot be made';
const validitySeconds = 90 * 86_400;
const clock = createMovableClock();
const changes: string[] = [];

let world: ProxyWorld;
let pebble: Pebble;
let server: SiteServer;
let certificates: Certificates;

const optionsFor = (directory: string): CertificatesOptions => ({
  directory: join(world.directory, directory), acmeDirectoryUrl: pebble.directoryUrl, accountKeyFile: join(world.directory, directory, 'account.key'),
  challengeServerSocket: join(world.directory, 'acme.sock'), proxy: world.proxy, clock, caFile: pebble.caFile, httpPort: world.httpPort, dnsServers: pebble.dnsServers,
  onChange: ({ domain, kind, error }) => changes.push(`${kind} ${domain}${error ? `: ${error.message}` : ''}`),
});

before(async () => {
  if (skip) return;
  world = await createProxyWorld();
  pebble = await startPebble({ httpPort: world.httpPort, validitySeconds });
  await pebble.lead('shop.test', 'www.shop.test', 'elsewhere.test', 'late.test');
  server = (await world.startApp('r1-web-1')).server;
  certificates = await createCertificates(optionsFor('certificates'));
});
after(async () => {
  await certificates?.close();
  await pebble?.stop();
  await world?.close();
});

test('a domain gets its certificate by itself, and HTTP is sent to HTTPS from then on', { skip }, async () => {
  const site = testSite({ servers: [server], redirects: { 'www.shop.test': { to: 'shop.test', status: 308 as const } } });
  await world.proxy.apply({ ...world.proxy.state(), sites: [site] });
  const { pid } = await world.worker();
  assert.equal((await ask({ port: world.httpPort, host: 'shop.test' })).body, 'r1-web-1', 'plain HTTP until there is a certificate');
  await until(() => certificates.certificateState('www.shop.test')?.days !== undefined);
  assert.deepEqual(certificates.certificateState('shop.test')?.error, null);
  assert.ok([89, 90].includes(certificates.certificateState('shop.test')?.days ?? 0));
  const shown = await peerCertificate('shop.test');
  assert.match(shown.subjectaltname ?? '', /DNS:shop\.test/);
  assert.match((await peerCertificate('www.shop.test')).subjectaltname ?? '', /DNS:www\.shop\.test/);
  const redirect = await ask({ port: world.httpPort, host: 'shop.test', path: '/a?b' });
  assert.deepEqual([redirect.status, redirect.headers.location], [308, `https://shop.test:${world.httpsPort}/a?b`]);
  assert.equal((await ask({ port: world.httpPort, host: 'www.shop.test' })).headers.location, `https://shop.test:${world.httpsPort}/`);
  assert.equal((await world.worker()).pid, pid, 'without a reload');
  const file = join(world.directory, 'certificates', 'shop.test.pem');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.match(await readFile(file, 'utf8'), /END CERTIFICATE-----\n-----BEGIN (EC )?PRIVATE KEY/);
});

test('HTTP/2 works, and lives over a reload as it would over none', { skip }, async () => {
  const session = connectHttp2(`https://shop.test:${world.httpsPort}`, { servername: 'shop.test', rejectUnauthorized: false, lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) });
  assert.deepEqual(JSON.parse(await http2Get(session, '/headers'))['x-forwarded-proto'], 'https');
  const { pid } = await world.worker();
  await world.proxy.apply({ ...world.proxy.state(), sites: world.proxy.state().sites.map((site) => ({ ...site, timeoutMs: 20_000 })) });
  assert.notEqual((await world.worker()).pid, pid);
  const headers = JSON.parse(await http2Get(session, '/headers')) as Record<string, string>;
  assert.deepEqual([headers['x-forwarded-proto'], headers['x-forwarded-for']], ['https', '127.0.0.1'], 'passed to the present worker, with who asks');
  session.close();
});

test('a certificate is renewed after two thirds of its life, at run time, and open connections stay', { skip }, async () => {
  const before = await peerCertificate('shop.test');
  const { pid } = await world.worker();
  const session = connectHttp2(`https://shop.test:${world.httpsPort}`, { servername: 'shop.test', rejectUnauthorized: false, lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) });
  await http2Get(session, '/headers');
  clock.advance(validitySeconds * 1000 * 0.6);
  await delay(300);
  assert.equal((await peerCertificate('shop.test')).serialNumber, before.serialNumber, 'not before its time');
  clock.advance(validitySeconds * 1000 * 0.07);
  await until(() => changes.includes('renewed shop.test') && changes.includes('renewed www.shop.test'));
  assert.notEqual((await peerCertificate('shop.test')).serialNumber, before.serialNumber);
  assert.equal((await world.worker()).pid, pid, 'without a reload');
  await http2Get(session, '/headers');
  session.close();
  await world.proxy.reconcile();
  await delay(200);
  assert.equal(changes.filter((change) => change.startsWith('renewed')).length, 2, 'a clock that is ahead of the CA\'s makes no loop');
});

test('after a restart of HAProxy and of the daemon the same certificates are shown, and the CA is not asked', { skip }, async () => {
  const { serialNumber } = await peerCertificate('shop.test');
  await world.kill();
  await world.restart();
  assert.equal((await peerCertificate('shop.test')).serialNumber, serialNumber);
  await certificates.close();
  const orders = pebble.output().split('new-order').length;
  certificates = await createCertificates(optionsFor('certificates'));
  assert.deepEqual(await world.proxy.reconcile(), { reloaded: false });
  assert.equal((await peerCertificate('shop.test')).serialNumber, serialNumber);
  assert.equal(pebble.output().split('new-order').length, orders);
});

test('a domain without an address, and one that leads elsewhere, are told so before the CA is asked', { skip }, async () => {
  const other = await createProxyWorld();
  const noCa = `https://127.0.0.1:${await freePort()}/dir`;
  await certificates.close();
  certificates = await createCertificates({ ...optionsFor('elsewhere'), acmeDirectoryUrl: noCa, httpPort: other.httpPort });
  try {
    await assert.rejects(certificates.obtain('elsewhere.test'), { code: 'CERTIFICATE_FAILED', message: /elsewhere\.test to lead to this server, got 127\.0\.0\.1, where another server answers \(status 404\)/, hint: /A and AAAA records of elsewhere\.test/ });
    await assert.rejects(certificates.obtain('nowhere.test'), { code: 'CERTIFICATE_FAILED', message: /nowhere\.test to lead to this server, got no address/ });
    assert.match(certificates.certificateState('elsewhere.test')?.error ?? '', /another server answers.*records of elsewhere/);
    assert.equal(certificates.certificateState('elsewhere.test')?.days, undefined);
    assert.equal(certificates.certificateState('unknown.test'), undefined);
  } finally {
    await other.close();
  }
});

test('a CA that is away is told, tried again later, and not at every change of the proxy', { skip }, async () => {
  await certificates.close();
  certificates = await createCertificates({ ...optionsFor('away'), acmeDirectoryUrl: `https://127.0.0.1:${await freePort()}/dir` });
  await world.proxy.apply({ ...world.proxy.state(), sites: [testSite({ id: 'late--production', domains: ['late.test'], servers: [server] })] });
  await until(() => certificates.certificateState('late.test')?.error != null);
  assert.match(certificates.certificateState('late.test')?.error ?? '', /certificate for late\.test from 127\.0\.0\.1:\d+, got .*ECONNREFUSED/);
  const failures = () => changes.filter((change) => change.startsWith('failed late.test')).length;
  await world.proxy.reconcile();
  await certificates.close();
  certificates = await createCertificates(optionsFor('away'));
  await delay(200);
  assert.equal(certificates.certificateState('late.test')?.days, undefined, 'the wait outlives a restart');
  assert.equal(failures(), 1);
  clock.advance(16 * 60_000);
  await until(() => certificates.certificateState('late.test')?.days !== undefined);
  assert.match((await peerCertificate('late.test')).subjectaltname ?? '', /late\.test/);
});

function peerCertificate(servername: string): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port: world.httpsPort, servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

function http2Get(session: ReturnType<typeof connectHttp2>, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path });
    let body = '';
    session.once('error', reject);
    stream.once('error', reject);
    stream.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    stream.once('end', () => resolve(body));
    stream.end();
  });
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 600) throw new Error(`Expected a certificate within 30 s; changes: ${changes.join('; ')}\n${pebble.output().slice(-2000)}`);
    await delay(50);
  }
}
