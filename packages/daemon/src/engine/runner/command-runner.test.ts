import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { afterEach, test } from 'node:test';
import { killTree, spawnProcess } from '@redcontrol/system';
import { openCommandRunner, type OpenRunner } from './command-runner.ts';
import { readUntilMark } from './read-until-mark.ts';
import { runnerCommand, runnerLine } from './runner-text.ts';

const started: { child: ReturnType<typeof spawnProcess>; runner: OpenRunner }[] = [];
afterEach(() => {
  for (const { child, runner } of started.splice(0)) {
    runner.close();
    killTree(child);
  }
});

/** The real shell, with its outputs framed as the engine does it. */
function openRunner() {
  const child = spawnProcess(runnerCommand[0]!, runnerCommand.slice(1), { stdin: 'pipe' });
  const stream = new Duplex({ read() {}, write: (chunk: Buffer, _, done) => void child.stdin!.write(chunk, done) });
  const frame = (kind: number, payload: Buffer) => {
    const header = Buffer.alloc(8);
    header[0] = kind;
    header.writeUInt32BE(payload.length, 4);
    stream.push(Buffer.concat([header, payload]));
  };
  child.stdin!.on('error', () => {});
  child.stdout!.on('data', (chunk: Buffer) => frame(1, chunk));
  child.stderr!.on('data', (chunk: Buffer) => frame(2, chunk));
  child.once('close', () => frame(9, Buffer.alloc(0)));
  const runner = openCommandRunner(stream);
  started.push({ child, runner });
  return runner;
}

async function sh(runner: OpenRunner, text: string, more: { variables?: Record<string, string>; stdin?: string | Buffer } = {}) {
  const output = { stdout: '', stderr: '' };
  const exitCode = await runner.run({ command: ['sh', '-e', '-c', text], workingDir: '/tmp', onOutput: (chunk, stream) => void (output[stream] += chunk.toString()), ...more });
  return { exitCode, ...output };
}

test('commands give their output and exit code, one after the other', async () => {
  const runner = openRunner();
  assert.deepEqual(await sh(runner, 'pwd; echo no line >&2; printf end; exit 3'), { exitCode: 3, stdout: '/tmp\nend', stderr: 'no line\n' });
  assert.deepEqual(await sh(runner, 'false; echo never'), { exitCode: 1, stdout: '', stderr: '' });
  assert.equal((await sh(runner, 'kill -9 $$')).exitCode, 137);
  assert.equal((await sh(runner, 'head -c 3000000 /dev/zero')).stdout.length, 3_000_000);
});

test('text and variables arrive as they are', async () => {
  const value = `a'b"c\n$(d)\\e \`f\` ü\r\n\n`;
  const { stdout } = await sh(openRunner(), `printf %s "$VALUE"\nprintf %s 'it'"'"'s'\n`, { variables: { VALUE: value } });
  assert.equal(stdout, `${value}it's`);
});

test('input is the command’s alone, also what it does not read', async () => {
  const runner = openRunner();
  assert.equal((await sh(runner, 'wc -c', { stdin: Buffer.alloc(200_000, '\n') })).stdout.trim(), '200000');
  assert.equal((await sh(runner, 'exit 4', { stdin: `${'echo not a line\n'.repeat(20_000)}` })).exitCode, 4);
  assert.deepEqual(await sh(runner, 'cat'), { exitCode: 0, stdout: '', stderr: '' });
});

test('a command that kills its group ends alone; one that kills all of its user’s ends with the runner', async () => {
  const runner = openRunner();
  assert.equal((await sh(runner, 'kill -9 0; sleep 5')).exitCode, 137);
  assert.equal((await sh(runner, 'echo alive')).stdout, 'alive\n');
  // The test's own processes have the same user: the shell alone stands for them.
  assert.equal((await sh(runner, 'kill -9 "$(cut -d" " -f4 /proc/$$/stat)"')).exitCode, 137);
  assert.equal(runner.run({ command: ['true'], onOutput: () => {} }), undefined, 'no command is taken any more');
});

test('only one command at a time is taken, and none that a line cannot say', async () => {
  const runner = openRunner();
  const first = sh(runner, 'echo first');
  assert.equal(runner.run({ command: ['true'], onOutput: () => {} }), undefined);
  assert.equal((await first).stdout, 'first\n');
  assert.equal(runnerLine({ command: ['a\0b'], workingDir: '/', variables: {}, inputBytes: undefined }, 'm'), undefined);
  assert.equal(runnerLine({ command: ['a'], workingDir: '/', variables: { 'a-b': '' }, inputBytes: undefined }, 'm'), undefined);
});

test('an output that nobody takes is an error of the command', async () => {
  await assert.rejects(async () => openRunner().run({ command: ['echo', 'x'], onOutput: () => Promise.reject(new Error('disk full')) }), /disk full/);
});

test('a mark is found in whatever pieces it comes, and what looks like one is output', () => {
  const text = Buffer.from('a\x1eab\x1eabc \x1eabcd 12\x1e');
  for (let size = 1; size <= text.length; size += 1) {
    const reader = readUntilMark('abcd');
    let output = '';
    let said: string | undefined;
    for (let at = 0; at < text.length; at += size) {
      const piece = reader.push(text.subarray(at, at + size));
      output += piece.output.toString();
      said ??= piece.said;
    }
    assert.deepEqual([output, said], ['a\x1eab\x1eabc ', '12'], `pieces of ${size}`);
  }
  assert.equal(readUntilMark('abcd').push(Buffer.from(`\x1eabcd${'x'.repeat(40)}`)).output.length, 45);
});
