import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runToEnd } from '@redcontrol/system';
import { shellCommand } from './shell-command.ts';

for (const [text, output] of [
  ['echo one', 'one\n'],
  ['echo one && echo two', 'one\ntwo\n'],
  ['GREETING=hello sh -c "echo $GREETING"; echo end', '\nend\n'],
  ['A=1 printenv A', '1\n'],
  ['exec echo three', 'three\n'],
  ['cd / && pwd', '/\n'],
  ['echo "quoted words"', 'quoted words\n'],
] as const) {
  test(`does what a shell does with: ${text}`, async () => {
    const [program, ...args] = shellCommand(text);
    assert.equal((await runToEnd(program!, args)).stdout, output);
  });
}

test('a plain program replaces the shell, so that it gets the signals', () => {
  assert.deepEqual(shellCommand('node server.js --port $PORT'), ['sh', '-c', 'exec node server.js --port $PORT']);
});
