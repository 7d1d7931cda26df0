import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import type { SiteServer } from './site.ts';
import { ask } from './test-bed/load.ts';
import { makeCertificate } from './test-bed/make-certificate.ts';
import { createProxyWorld, testSite, type ProxyWorld } from './test-bed/proxy-world.ts';

let world: ProxyWorld;
let server: SiteServer;
before(async () => {
  world = await createProxyWorld();
  server = (await world.startApp('r1-web-1')).server;
});
after(() => world.close());

test('a certificate of the admin\'s own is shown for all domains of its site, and replaced with its file', async () => {
  const certificate = join(world.directory, 'own.pem');
  const sites = [testSite({ servers: [server], certificate, domains: ['shop.test', 'second.test'] })];
  await makeCertificate(certificate);
  await world.proxy.apply({ ...world.proxy.state(), sites });
  const { pid } = await world.worker();
  const first = await shownSerial('shop.test');
  assert.equal(await shownSerial('second.test'), first);
  assert.equal((await ask({ port: world.httpPort, host: 'second.test' })).status, 308);
  await assert.rejects(shownSerial('unknown.test'), /unrecognized name|handshake|alert/i, 'no other site\'s certificate for an unknown name');

  await makeCertificate(certificate);
  await world.proxy.reconcile();
  assert.notEqual(await shownSerial('shop.test'), first);
  await world.proxy.apply({ ...world.proxy.state(), sites: [testSite({ servers: [server], certificate, domains: ['shop.test'] })] });
  await assert.rejects(shownSerial('second.test'));
  assert.ok(await shownSerial('shop.test'));
  assert.equal((await world.worker()).pid, pid, 'all without a reload');
});

test('one that cannot be read leaves its site on HTTP and harms no other', async () => {
  const broken = join(world.directory, 'broken.pem');
  await writeFile(broken, 'not a certificate');
  const sites = [testSite({ servers: [server], certificate: broken }), testSite({ id: 'other--production', domains: ['other.test'], servers: [server] })];
  await world.proxy.apply({ ...world.proxy.state(), sites });
  for (const host of ['shop.test', 'other.test']) assert.equal((await ask({ port: world.httpPort, host })).body, 'r1-web-1');
  await world.kill();
  await world.restart();
  assert.equal((await ask({ port: world.httpPort, host: 'other.test' })).body, 'r1-web-1');
});

function shownSerial(servername: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: world.httpsPort, servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
