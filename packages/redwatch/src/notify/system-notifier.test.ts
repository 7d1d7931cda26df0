import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../notices/message.ts';
import { macCommand, windowsCommand } from './system-notifier.ts';

const hostile = '"; do shell script "id" $(Remove-Item C:\\) <b>';
const message: Message = { subject: 'main/shop/run/1', title: hostile, body: `a\n${hostile}`, urgency: 'normal', actions: [] };

test('words of a commit are data of the script, never part of it', () => {
  const mac = macCommand(message);
  assert.deepEqual(mac.args.slice(-3), ['--', hostile, `a\n${hostile}`]);
  assert.ok(mac.args.slice(0, -2).every((word) => !word.includes('id')), mac.args.join(' '));
  const windows = windowsCommand(message);
  const script = Buffer.from(windows.args.at(-1)!, 'base64').toString('utf16le');
  assert.ok(!script.includes('Remove-Item') && script.includes('$env:REDWATCH_TITLE'), script);
  assert.deepEqual([windows.variables.REDWATCH_TITLE, windows.variables.REDWATCH_TAG?.length], [hostile, 16]);
});
