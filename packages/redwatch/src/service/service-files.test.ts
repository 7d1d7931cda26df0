import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceOf } from './service-files.ts';

test('a systemd unit of the user starts the program by words that systemd does not expand', () => {
  const { path, content, install } = serviceOf(['/usr/bin/node', '/home/a b/100%/$x/red"watch.mjs', 'run'], { variables: { HOME: '/home/anna' }, platform: 'linux' });
  assert.equal(path, '/home/anna/.config/systemd/user/redwatch.service');
  assert.match(content, /^ExecStart="\/usr\/bin\/node" "\/home\/a b\/100%%\/\$\$x\/red\\"watch\.mjs" "run"$/m);
  assert.deepEqual(install.at(-1), ['systemctl', '--user', 'restart', 'redwatch.service']);
});
