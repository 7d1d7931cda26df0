import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { baseImage, testEngine } from '../../test/test-engine.ts';
import { idleCommand, openExecSession, startContainer, type ExecSessionOptions } from './index.ts';

const engine = testEngine('session');
let container: string;

before(async () => {
  const image = await baseImage(engine);
  container = (await startContainer(engine, { name: `${engine.instance}-main`, image, command: [...idleCommand], user: '10001', init: true, pidsLimit: 100, memoryBytes: 128 * 1024 ** 2, labels: { role: 'run' } })).id;
});

async function open(command: string[], more: Partial<ExecSessionOptions> = {}) {
  const said = { stdout: '', stderr: '' };
  const session = await openExecSession(engine, { container, command, onOutput: (chunk, stream) => void (said[stream] += chunk.toString()), ...more });
  const until = async (text: string) => {
    for (const end = Date.now() + 20_000; !said.stdout.includes(text); await delay(20)) assert.ok(Date.now() < end, `Expected ${text} in ${said.stdout}`);
  };
  return { session, said, until };
}

test('three streams and the exit code', async () => {
  const { session, said } = await open(['sh', '-c', 'cat; echo wrong >&2; exit 42']);
  await session.write(Buffer.from('given\n'));
  session.end();
  assert.equal(await session.exitCode, 42);
  assert.deepEqual(said, { stdout: 'given\n', stderr: 'wrong\n' });
});

test('a terminal has its size, follows it, and gives Ctrl-C to the program', async () => {
  const { session, until } = await open(['sh'], { terminal: { columns: 100, rows: 30 }, variables: { TERM: 'xterm' } });
  await session.write(Buffer.from('stty size\n'));
  await until('30 100');
  await session.resize({ columns: 123, rows: 41 });
  await session.write(Buffer.from('stty size\n'));
  await until('41 123');
  await session.write(Buffer.from('echo begun; sleep 500; echo not-reached\n'));
  await until('begun\r\n');
  await session.write(Buffer.from('\u0003'));
  await session.write(Buffer.from('echo after-$?\n'));
  await until('after-130');
  await session.write(Buffer.from('exit 7\n'));
  assert.equal(await session.exitCode, 7);
});

test('a kill takes all that the program has started along, and nothing else', async () => {
  const other = await open(['sh', '-c', 'echo here; sleep 601']);
  await other.until('here');
  const { session, until } = await open(['sh', '-c', 'trap "" HUP TERM; setsid sleep 602 & sleep 603 & echo begun; wait']);
  await until('begun');
  await session.kill();
  await session.exitCode;
  const listed = await open(['sh', '-c', 'for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline 2>/dev/null; echo; done']);
  await listed.session.exitCode;
  assert.deepEqual(listed.said.stdout.split('\n').map((line) => line.trim()).filter((line) => /^sleep 60\d/.test(line)), ['sleep 601']);
  await other.session.kill();
});

test('a command that is not there and a container that is gone are told', async () => {
  const { session } = await open(['no-such-command']);
  assert.ok([126, 127].includes(await session.exitCode));
  await assert.rejects(openExecSession(engine, { container: 'no-such-container', command: ['sh'], onOutput: () => {} }), { code: 'NOT_FOUND' });
});
