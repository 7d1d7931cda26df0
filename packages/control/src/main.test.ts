import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { quoteForShell, spawnProcess } from '@redcontrol/system';
import { projectState, runRecord } from './commands/test-records.ts';
import { AnswerError, startTestDaemon, type TestMethods } from '@redcontrol/client/test-daemon';

const program = join(import.meta.dirname, '../bin/redcontrol.js');
const configText = `project: shop
repository: git@git.example.com:acme/shop.git
servers:
  main: { host: 203.0.113.10 }
environments:
  production: { deploy: { branch: main }, secrets: [SECRET_KEY] }
`;
let folder = '';
let count = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-main-'));
  await writeFile(join(folder, 'redcontrol.yml'), configText);
});
after(() => rm(folder, { recursive: true }));

async function daemon(t: TestContext, answers: TestMethods) {
  const socket = join(folder, `${(count += 1)}.sock`);
  const started = await startTestDaemon(socket, answers);
  t.after(() => started.close());
  return { ...started, options: ['--socket', socket, '-c', 'redcontrol.yml'] };
}

/** The program as a process of its own. */
function start(args: string[], { terminal = false, variables = {} }: { terminal?: boolean; variables?: Record<string, string> } = {}) {
  const line = [process.execPath, program, ...args];
  // `script` gives it a terminal of its own; what is typed goes to script's standard input.
  const [command, ...rest] = terminal ? ['script', '-qec', `stty cols 100 rows 30; exec ${line.map(quoteForShell).join(' ')}`, '/dev/null'] : line;
  const child = spawnProcess(command!, rest, { cwd: folder, stdin: 'pipe', variables: { NODE_NO_WARNINGS: '1', TERM: 'xterm', ...variables } });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
  const end = once(child, 'close').then(([code]) => ({ code: code as number, stdout, stderr }));
  const said = async (pattern: RegExp) => {
    while (!pattern.test(stdout + stderr)) {
      await Promise.race([once(child.stdout!, 'data'), once(child.stderr!, 'data'), end.then(({ code }) => { if (!pattern.test(stdout + stderr)) throw new Error(`ended with ${code} before ${pattern}: ${stdout}${stderr}`); })]);
    }
  };
  return { child, end, said };
}

test('the version is told without loading more than the command line', async () => {
  const { end } = start(['--version']);
  assert.deepEqual(await end, { code: 0, stdout: '0.1.0\n', stderr: '' });
});

test('Ctrl-C while events are followed ends with 130', async (t) => {
  const { options } = await daemon(t, {
    'events.follow': () => ({ last: 1 }),
    'events.list': () => [{ seq: 1, at: 1, kind: 'run.queued', project: 'shop', environment: null, runId: 1, text: 'run 1 queued', data: {} }],
  });
  const { child, end, said } = start([...options, 'events', '-f']);
  await said(/run 1 queued/);
  child.kill('SIGINT');
  const { code, stderr } = await end;
  assert.equal(code, 130);
  assert.match(stderr, /^error CANCELLED: /);
});

test('Ctrl-C during apply cancels it on the server and says how to go on', async (t) => {
  let cancelled = false;
  const { options } = await daemon(t, {
    'project.plan': () => ({ operations: [{ id: 'a', kind: 'create', target: 'x', description: 'Create x', warning: null }], baseRevision: 0 }),
    'project.apply': ({ progressToken }, { token, notify }) => new Promise((_resolve, reject) => {
      notify('progress', { token: progressToken ?? '', operation: 'a', state: 'started', text: '' });
      notify('progress', { token: progressToken ?? '', operation: 'a', state: 'done', text: '' });
      token.onCancellationRequested(() => {
        cancelled = true;
        reject(new AnswerError({ code: 'CANCELLED', message: 'project.apply was cancelled' }));
      });
    }),
  });
  const { child, end, said } = start([...options, 'apply', '--yes']);
  await said(/✓ Create x/);
  child.kill('SIGINT');
  const { code, stderr } = await end;
  assert.equal(code, 130);
  assert.match(stderr, /error CANCELLED: Cancelled here\nhint: What was done stays done\. Run `redcontrol apply` again/);
  assert.ok(cancelled);
});

test('a second Ctrl-C does not wait for anything', async (t) => {
  const asked = Promise.withResolvers<void>();
  const { options } = await daemon(t, {
    'project.plan': (_, { token }) => {
      asked.resolve();
      // The daemon takes its time for the first one; the second has to end it without.
      token.onCancellationRequested(() => child.kill('SIGINT'));
      return new Promise(() => {});
    },
  });
  const { child, end } = start([...options, 'plan']);
  await asked.promise;
  child.kill('SIGINT');
  const { code, stderr } = await end;
  assert.equal(code, 130);
  assert.equal(stderr, '');
});

test('a reader that has seen enough is no error', async (t) => {
  const { options } = await daemon(t, { 'run.list': () => Array.from({ length: 1000 }, (_, index) => runRecord({ id: 1000 - index, message: 'x'.repeat(500) })) });
  const child = spawnProcess('sh', ['-c', `${[process.execPath, program, ...options, 'runs'].map(quoteForShell).join(' ')} | head -n 1`], { cwd: folder });
  let stderr = '';
  let stdout = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
  await once(child, 'close');
  assert.match(stdout, /^ *RUN/);
  assert.equal(stderr, '');
});

test('a secret that is typed on a terminal is not shown', async (t) => {
  const { options, calls } = await daemon(t, { 'secret.set': () => ({}) });
  const { child, end, said } = start([...options, 'secret', 'set', 'SECRET_KEY', '-e', 'production'], { terminal: true });
  await said(/SECRET_KEY for production/);
  child.stdin?.write('hunter2');
  child.stdin?.write('\r');
  const { code, stdout } = await end;
  assert.equal(code, 0, stdout);
  assert.deepEqual(calls.at(-1)?.params, { project: 'shop', environment: 'production', name: 'SECRET_KEY', value: 'hunter2' });
  assert.doesNotMatch(stdout, /hunter2/);
});

test('Ctrl-C at a question changes nothing and ends with 130', async (t) => {
  const { options, calls } = await daemon(t, { 'secret.set': () => ({}) });
  const { child, end, said } = start([...options, 'secret', 'set', 'SECRET_KEY', '-e', 'production'], { terminal: true });
  await said(/SECRET_KEY for production/);
  child.stdin?.write('\u0003');
  const { code, stdout } = await end;
  assert.equal(code, 130);
  assert.match(stdout, /CANCELLED/);
  assert.equal(calls.some(({ method }) => method === 'secret.set'), false);
});

test('apply asks on a terminal, and goes on with yes', async (t) => {
  const { options, calls } = await daemon(t, {
    'project.plan': () => ({ operations: [{ id: 'a', kind: 'create', target: 'x', description: 'Create x', warning: null }], baseRevision: 0 }),
    'project.apply': () => ({ revision: 1, changed: true }),
    'project.show': () => projectState(),
    'secret.list': () => [],
  });
  const { child, end, said } = start([...options, 'apply'], { terminal: true });
  await said(/Do this\?/);
  child.stdin?.write('y');
  const { code, stdout } = await end;
  assert.equal(code, 0, stdout);
  assert.ok(calls.some(({ method }) => method === 'project.apply'));
  assert.match(stdout, /shop is set up on main \(revision 1\)/);
});
