import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { before, test } from 'node:test';
import { baseImage, testEngine } from '../../test/test-engine.ts';
import { execInContainer, idleCommand, inspectContainer, removeContainer, startContainer, type Engine, type ExecOptions } from './index.ts';

const engine = testEngine('exec');
let image: string;
let container: string;

before(async () => {
  image = await baseImage(engine);
  container = await idle(engine, 'main');
});

async function idle(on: Engine, name: string): Promise<string> {
  const started = await startContainer(on, {
    name: `${on.instance}-${name}`, image, command: [...idleCommand], user: '10001', pidsLimit: 100, memoryBytes: 256 * 1024 * 1024, labels: { role: 'run' },
  });
  return started.id;
}

async function run(script: string, more: Partial<ExecOptions> = {}) {
  const output: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  const result = await execInContainer(engine, {
    container, command: ['sh', '-c', script], user: '10001',
    onOutput: (chunk, stream) => void (output[stream] += chunk.toString('utf8')), ...more,
  });
  return { ...result, ...output };
}

/** Processes in the container besides its first one, that one's sleep, and the counting ones. */
async function strays(): Promise<string[]> {
  const { stdout } = await run(`for p in /proc/[0-9]*; do [ "$p" = /proc/$$ ] || tr '\\0' ' ' < $p/cmdline 2>/dev/null && echo; done`);
  return stdout.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.includes('sleep 86400') && !line.includes('/proc/'));
}

test('exit code, both streams, user, folder and variables', async () => {
  const result = await run('echo out; echo err >&2; id -u; pwd; echo "$WORD"; exit 3', { workingDir: '/tmp', variables: { WORD: "it's $HOME\nhere" } });
  assert.equal(result.exitCode, 3);
  assert.equal(result.outcome, 'exited');
  assert.equal(result.stdout, "out\n10001\n/tmp\nit's $HOME\nhere\n");
  assert.equal(result.stderr, 'err\n');
});

test('input is given as text and as a stream, also to a program that does not read it', async () => {
  assert.equal((await run('cat', { stdin: 'hello' })).stdout, 'hello');
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  assert.equal((await run('wc -c', { stdin: Readable.from([megabyte, megabyte, megabyte]) })).stdout.trim(), '3145728');
  assert.equal((await run('exit 4', { stdin: Readable.from([megabyte, megabyte]) })).exitCode, 4);
});

test('a program that closes its output and goes on is waited for', async () => {
  const result = await run('exec >&- 2>&-; sleep 3; exit 6');
  assert.equal(result.exitCode, 6);
});

test('a slow reader holds the program back', async () => {
  let taken = 0;
  const reading = run('head -c 50000000 /dev/zero; echo done >&2', {
    onOutput: async (chunk) => {
      if (taken === 0) await delay(1500);
      taken += chunk.length;
    },
  });
  await delay(1000);
  // The program is still there although its output would have been written in a moment.
  assert.ok((await strays()).some((line) => line.startsWith('head')));
  assert.equal((await reading).exitCode, 0);
  assert.equal(taken, 50_000_000 + 'done\n'.length);
});

test('a timeout kills children that left the session, ignore signals or hold the output open', async () => {
  const result = await run(`
    setsid sh -c 'trap "" TERM HUP INT; sleep 1000 & wait' &
    (setsid nohup sleep 2000 >/dev/null 2>&1 &)
    perl -e 'use POSIX; POSIX::setsid(); fork and exit; close STDOUT; sleep 3000' &
    echo started; sleep 4000`, { timeoutMs: 1500 });
  assert.equal(result.outcome, 'timeout');
  assert.equal(result.exitCode, 137);
  assert.equal(result.containerKilled, undefined);
  assert.equal(result.stdout, 'started\n');
  assert.deepEqual(await strays(), []);
});

test('cancelling ends a flood of output and the program that makes it', async () => {
  const stop = new AbortController();
  let bytes = 0;
  const result = await run('yes', { signal: stop.signal, onOutput: (chunk) => { bytes += chunk.length; if (bytes > 1e6) stop.abort(); } });
  assert.equal(result.outcome, 'cancelled');
  assert.deepEqual(await strays(), []);
  assert.equal((await run('true', { signal: AbortSignal.abort() })).outcome, 'cancelled');
});

test('a reader that fails ends the program', async () => {
  await assert.rejects(run('yes', { onOutput: () => { throw new Error('disk gone'); } }), /disk gone/);
  assert.deepEqual(await strays(), []);
});

test('a fork bomb at the limit of processes is ended, with its container if need be', async () => {
  const bombed = await idle(engine, 'bomb');
  const result = await run('perl -e "fork while 1"', { container: bombed, timeoutMs: 2000 });
  assert.equal(result.outcome, 'timeout');
  const state = await inspectContainer(engine, bombed);
  assert.equal(state?.running, result.containerKilled !== true);
  if (state.running) {
    const left = await run('ls -d /proc/[0-9]* | wc -l', { container: bombed });
    assert.ok(Number(left.stdout) < 8, `left: ${left.stdout}`);
  }
  await removeContainer(engine, bombed);
});

test('where no killing process can start, the container is killed', async () => {
  const bare = await idle(engine, 'bare');
  await execInContainer(engine, { container: bare, user: '0', command: ['rm', '-f', '/bin/sh', '/usr/bin/sh'], onOutput: () => {} });
  const result = await execInContainer(engine, { container: bare, user: '10001', command: ['sleep', '1000'], onOutput: () => {}, timeoutMs: 500 });
  assert.deepEqual(result, { outcome: 'timeout', exitCode: 137, containerKilled: true });
  assert.equal((await inspectContainer(engine, bare))?.running, false);
  await assert.rejects(run('true', { container: bare }), { code: 'CONFLICT' });
  await removeContainer(engine, bare);
  await assert.rejects(run('true', { container: bare }), { code: 'NOT_FOUND' });
});

test('a program that does not exist is an exit code, with the reason in the output', async () => {
  const chunks: Buffer[] = [];
  const result = await execInContainer(engine, { container, command: ['no-such-program'], onOutput: (chunk) => void chunks.push(Buffer.from(chunk)) });
  assert.ok([126, 127].includes(result.exitCode));
  assert.match(Buffer.concat(chunks).toString(), /no-such-program/);
});
