import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { testSite, createProxyWorld, type ProxyWorld } from './test-bed/proxy-world.ts';
import { makeCertificate } from './test-bed/make-certificate.ts';

let world: ProxyWorld;
let session: ClientHttp2Session;
before(async () => {
  world = await createProxyWorld();
  const { server } = await world.startApp('r1-web-1');
  const certificate = join(world.directory, 'own.pem');
  await makeCertificate(certificate);
  await world.proxy.apply({ ...world.proxy.state(), sites: [testSite({ servers: [server], certificate, compression: true, redirects: { 'www.shop.test': { to: 'shop.test', status: 301 } } })] });
  session = connect(`https://127.0.0.1:${world.httpsPort}`, { servername: 'shop.test', rejectUnauthorized: false });
  await once(session, 'connect');
});
after(async () => {
  session?.destroy();
  await world.close();
});

async function get(path: string, headers: Record<string, string> = {}): Promise<{ headers: IncomingHttpHeaders; bytes: Buffer }> {
  const stream = session.request({ ':path': path, ':authority': 'shop.test', ...headers });
  stream.end();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [[answer]] = await Promise.all([once(stream, 'response'), once(stream, 'end')]);
  return { headers: answer as IncomingHttpHeaders, bytes: Buffer.concat(chunks) };
}

test('HTTP/2 is agreed on over TLS, with many requests at once over one connection', async () => {
  assert.equal((session.socket as TLSSocket).alpnProtocol, 'h2');
  const answers = await Promise.all(Array.from({ length: 50 }, () => get('/')));
  assert.deepEqual(answers.map(({ headers, bytes }) => `${headers[':status']} ${bytes.toString()}`), Array.from({ length: 50 }, () => '200 r1-web-1'));
});

test('over HTTP/2 the app sees the real address and scheme, whatever the client claims', async () => {
  const { bytes } = await get('/headers', { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http', forwarded: 'for=203.0.113.9' });
  const headers = JSON.parse(bytes.toString()) as Record<string, string>;
  assert.deepEqual([headers['x-forwarded-for'], headers['x-forwarded-proto'], headers['x-forwarded-host'], headers.host, headers.forwarded], ['127.0.0.1', 'https', 'shop.test', 'shop.test', undefined]);
});

test('texts are packed over HTTP/2, and a redirected domain goes to HTTPS at once', async () => {
  const packed = await get('/long', { 'accept-encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.match(gunzipSync(packed.bytes).toString(), /^(r1-web-1 )+$/);
  const moved = await get('/a?b=1', { ':authority': 'www.shop.test' });
  assert.deepEqual([moved.headers[':status'], moved.headers.location], [301, `https://shop.test:${world.httpsPort}/a?b=1`]);
});
