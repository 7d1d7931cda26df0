import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runToEnd } from '@redcontrol/system';
import { stepCommand } from './step-command.ts';

/** Runs the text as a step does, and looks which of its processes are left. */
async function run(text: string) {
  const { command, variables } = stepCommand(text);
  const [program = '', ...args] = command;
  const result = await runToEnd(program, args, { variables, timeoutMs: 20_000 });
  const mark = Object.entries(variables).map(([name, value]) => `${name}=${value}`).join();
  const left: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (environment.split('\0').includes(mark)) left.push(await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => ''));
  }
  return { ...result, left };
}

test('a step ends with the exit code of its text, the first command that fails ends it', async () => {
  assert.deepEqual([(await run('exit 4')).exitCode, (await run('true')).exitCode], [4, 0]);
  const failed = await run('echo one\nfalse\necho two');
  assert.deepEqual([failed.exitCode, failed.stdout], [1, 'one\n']);
  assert.equal((await run('kill -9 $$')).exitCode, 137);
  assert.equal((await run('echo "$# $0"')).stdout, '0 sh\n');
});

test('what it leaves running ends with it, in sessions of its own too, and holds nothing up', async () => {
  const { exitCode, stdout, left } = await run(`sleep 1000 &
    setsid sh -c 'trap "" TERM HUP INT; sleep 1001 & sleep 1002' &
    (setsid nohup sleep 1003 >/dev/null 2>&1 &)
    echo begun
    exit 3`);
  assert.deepEqual([exitCode, stdout, left], [3, 'begun\n', []]);
});

test('another step beside it goes on', async () => {
  const other = run('sleep 2; echo done');
  await run('sleep 1004 &');
  assert.equal((await other).stdout, 'done\n');
});
