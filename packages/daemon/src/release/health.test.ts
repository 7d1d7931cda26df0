import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { test, type TestContext } from 'node:test';
import { waitReady, type ReadyOptions } from './health.ts';

async function listen(t: TestContext, listener: RequestListener): Promise<ReadyOptions> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  return { address: '127.0.0.1', port: address.port, path: '/health', timeoutMs: 10_000, intervalMs: 5, isAlive: async () => true };
}

test('is ready after the first good answer', async (t) => {
  let asked = 0;
  const options = await listen(t, (request, response) => {
    asked += 1;
    assert.equal(request.url, '/health');
    response.writeHead(asked < 4 ? 503 : 204).end();
  });
  await waitReady(options);
  assert.equal(asked, 4);
});

test('takes only the statuses that were asked for', async (t) => {
  const options = await listen(t, (_, response) => void response.writeHead(302, { location: '/login' }).end());
  await waitReady(options);
  await assert.rejects(waitReady({ ...options, statuses: [200], timeoutMs: 200 }), { code: 'RELEASE_NOT_READY', message: /status 200 within 200 ms, got status 302/ });
});

test('a container that ended is not waited for, and the last answer is told', async (t) => {
  const options = await listen(t, (_, response) => void response.writeHead(500).end('no such table: users'));
  let looks = 0;
  const isAlive = async () => ++looks < 3;
  await assert.rejects(waitReady({ ...options, timeoutMs: 600_000, isAlive }), { code: 'RELEASE_NOT_READY', message: /container ended.*status 500: no such table: users/ });
});

test('an app that accepts and never answers is not ready', async (t) => {
  const options = await listen(t, () => {});
  await assert.rejects(waitReady({ ...options, timeoutMs: 60 }), { code: 'RELEASE_NOT_READY', message: /no answer within/ });
});

test('nobody listening is told by its cause, and cancelling ends the wait', async (t) => {
  const options = await listen(t, () => {});
  await assert.rejects(waitReady({ ...options, port: 1, timeoutMs: 30 }), { code: 'RELEASE_NOT_READY', message: /ECONNREFUSED|no answer/ });
  const cancelled = new AbortController();
  const waiting = waitReady({ ...options, timeoutMs: 600_000, signal: cancelled.signal });
  cancelled.abort(new Error('cancelled by a test'));
  await assert.rejects(waiting, /cancelled by a test/);
});
