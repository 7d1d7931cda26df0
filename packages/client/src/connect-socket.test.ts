import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { contractVersion, RedControlError, type ErrorCode, type RedControlEvent } from '@redcontrol/contract';
import { connectSocket } from './connect-socket.ts';
import { AnswerError, startTestDaemon, type TestMethods } from './test-daemon.ts';

let folder = '';
let count = 0;
before(async () => void (folder = await mkdtemp(join(tmpdir(), 'redcontrol-rpc-'))));
after(() => rm(folder, { recursive: true }));

const fails = (code: ErrorCode, message: RegExp, hint?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RedControlError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
  if (hint) assert.match(error.hint ?? '', hint);
  return true;
};

async function daemon(t: TestContext, answers: TestMethods) {
  const path = join(folder, `${(count += 1)}.sock`);
  const started = await startTestDaemon(path, answers);
  t.after(() => started.close());
  return { path, ...started };
}

async function connected(t: TestContext, answers: TestMethods) {
  const started = await daemon(t, answers);
  const client = await connectSocket(started.path, { clientName: 'test', cancelTimeoutMs: 100 });
  t.after(() => client.close());
  return { client, ...started };
}

test('greets the daemon and says who is there', async (t) => {
  const { client, preambles, calls } = await connected(t, {});
  assert.deepEqual(preambles, ['{"as":"local"}']);
  assert.deepEqual(calls, [{ method: 'hello', params: { contractVersion, client: 'test' } }]);
  assert.equal(client.hello.role, 'admin');
});

test('speaks for a key when told', async (t) => {
  const { path, preambles } = await daemon(t, {});
  const client = await connectSocket(path, { clientName: 'test', as: 'SHA256:abc' });
  await client.close();
  assert.deepEqual(preambles, ['{"as":"SHA256:abc"}']);
});

test('many calls at once get their own answers', async (t) => {
  const { client } = await connected(t, { 'secret.list': async ({ project }) => [{ environment: project, name: 'A', updatedAt: 1 }] });
  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => client.call('secret.list', { project: `p${index}` })));
  assert.deepEqual(answers.map(([first]) => first?.environment), Array.from({ length: 50 }, (_, index) => `p${index}`));
});

test('an error of the daemon arrives as it was thrown', async (t) => {
  const { client } = await connected(t, {
    'project.plan': () => { throw new AnswerError({ code: 'CONFIG_INVALID', message: 'Expected a, got b', hint: 'Write a.', problems: [{ message: 'one' }, { message: 'two' }] }); },
  });
  await assert.rejects(client.call('project.plan', { config: '' }), (error) => {
    assert.ok(error instanceof RedControlError);
    assert.deepEqual(error.toJSON(), { code: 'CONFIG_INVALID', message: 'Expected a, got b', hint: 'Write a.', at: undefined, problems: [{ message: 'one' }, { message: 'two' }] });
    return true;
  });
});

test('an unknown code becomes INTERNAL with its message', async (t) => {
  const { client } = await connected(t, { 'people.list': () => { throw new AnswerError({ code: 'FROM_TOMORROW' as ErrorCode, message: 'something new' }); } });
  await assert.rejects(client.call('people.list', {}), fails('INTERNAL', /something new/));
});

test('progress reaches only the call that asked for it', async (t) => {
  const { client } = await connected(t, {
    'project.apply': ({ progressToken }, { notify }) => {
      notify('progress', { token: 'somebody else', operation: 'x', state: 'started', text: '' });
      if (progressToken) notify('progress', { token: progressToken, operation: 'network', state: 'done', text: 'made' });
      return { revision: 3, changed: true };
    },
  });
  const heard: string[] = [];
  const answer = await client.call('project.apply', { config: 'x' }, { onProgress: ({ operation, state }) => heard.push(`${operation} ${state}`) });
  assert.deepEqual(answer, { revision: 3, changed: true });
  assert.deepEqual(heard, ['network done']);
});

test('events are heard until nobody listens', async (t) => {
  const sent: RedControlEvent = { seq: 1, at: 2, kind: 'run.queued', project: 'shop', environment: null, runId: 1, text: 'queued', data: {} };
  const { client } = await connected(t, {
    'events.follow': (_, { notify }) => {
      notify('event', sent);
      notify('event', { ...sent, kind: 'from.tomorrow' as never });
      return { last: 1 };
    },
  });
  const heard: RedControlEvent[] = [];
  const stop = client.on('event', (event) => heard.push(event));
  await client.call('events.follow', {});
  stop();
  await client.call('events.follow', {});
  assert.deepEqual(heard, [sent]);
});

test('a cancelled call cancels the work on the daemon', async (t) => {
  let cancelled = false;
  const { client } = await connected(t, {
    'run.wait': (_, { token }) => new Promise((_resolve, reject) => {
      token.onCancellationRequested(() => {
        cancelled = true;
        reject(new AnswerError({ code: 'CANCELLED', message: 'stopped' }));
      });
    }),
  });
  const controller = new AbortController();
  const call = client.call('run.wait', { project: 'shop', commit: 'abc', timeoutMs: 1000 }, { signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  await assert.rejects(call, fails('CANCELLED', /stopped/));
  assert.ok(cancelled);
});

test('a cancelled call ends also when the daemon does not answer', async (t) => {
  const { client } = await connected(t, { 'run.wait': () => new Promise(() => {}) });
  const controller = new AbortController();
  const call = client.call('run.wait', { project: 'shop', commit: 'abc', timeoutMs: 1000 }, { signal: controller.signal });
  controller.abort();
  await assert.rejects(call, fails('CANCELLED', /run\.wait was cancelled/));
});

test('calls that wait are told when the connection breaks', async (t) => {
  const { client } = await connected(t, { 'server.databases': (_, { socket }) => { socket.destroy(); return new Promise(() => {}); } });
  await assert.rejects(client.call('server.databases', {}), fails('DAEMON_UNREACHABLE', /closed the connection/, /journalctl/));
  assert.equal((await client.closed)?.code, 'DAEMON_UNREACHABLE');
  await assert.rejects(client.call('people.list', {}), fails('DAEMON_UNREACHABLE', /closed the connection/));
});

test('closing is no error', async (t) => {
  const { client } = await connected(t, {});
  await client.close();
  assert.equal(await client.closed, undefined);
});

test('another contract is refused with the remedy', async (t) => {
  const newer = await daemon(t, { hello: () => ({ contractVersion: contractVersion + 1, daemonVersion: '9.0.0', name: '', role: 'admin', projects: [] }) });
  await assert.rejects(connectSocket(newer.path, { clientName: 'test' }), fails('CONTRACT_MISMATCH', /got 2 \(daemon 9\.0\.0\)/, /newest version of this program here/));
  const older = await daemon(t, { hello: () => ({ contractVersion: contractVersion - 1, daemonVersion: '0.0.1', name: '', role: 'admin', projects: [] }) });
  await assert.rejects(connectSocket(older.path, { clientName: 'test' }), fails('CONTRACT_MISMATCH', /got 0/, /server upgrade/));
});

test('an answer of another form is a mismatch', async (t) => {
  const { client } = await connected(t, { 'people.list': () => [{ fingerprint: 7 }] });
  await assert.rejects(client.call('people.list', {}), fails('CONTRACT_MISMATCH', /people\.list.*fingerprint/));
});

test('a method that the daemon does not have is a mismatch', async (t) => {
  const { client } = await connected(t, {});
  await assert.rejects(client.call('people.list', {}), fails('CONTRACT_MISMATCH', /know people\.list/, /server upgrade/));
});

test('no socket, a file in its place and nobody behind it are told', async (t) => {
  await assert.rejects(connectSocket(join(folder, 'none.sock'), { clientName: 'test' }), fails('DAEMON_UNREACHABLE', /no such file/, /systemctl status redcontrol/));
  const file = join(folder, 'file.sock');
  await writeFile(file, '');
  t.after(() => rm(file));
  await assert.rejects(connectSocket(file, { clientName: 'test' }), fails('DAEMON_UNREACHABLE', /nobody who answers/));
});

test('garbage instead of messages is told', async (t) => {
  const path = join(folder, 'garbage.sock');
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end('Welcome to the machine!\r\n\r\n{}');
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => server.close());
  await assert.rejects(connectSocket(path, { clientName: 'test' }), fails('DAEMON_UNREACHABLE', /got something else|closed the connection/));
});

test('a daemon that says nothing is not waited for without end', async (t) => {
  const { path } = await daemon(t, { hello: () => new Promise(() => {}) });
  await assert.rejects(connectSocket(path, { clientName: 'test', helloTimeoutMs: 50 }), fails('DAEMON_UNREACHABLE', /within 0\.05 s/));
});
