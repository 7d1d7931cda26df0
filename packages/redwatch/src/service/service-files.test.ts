import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runToEnd } from '@redcontrol/system';
import { serviceOf } from './service-files.ts';

test('a systemd unit of the user starts the program by words that systemd does not expand', () => {
  const { path, content, install } = serviceOf(['/usr/bin/node', '/home/a b/100%/$x/red"watch.mjs', 'run'], { variables: { HOME: '/home/anna' }, platform: 'linux' });
  assert.equal(path, '/home/anna/.config/systemd/user/redwatch.service');
  assert.match(content, /^ExecStart="\/usr\/bin\/node" "\/home\/a b\/100%%\/\$\$x\/red\\"watch\.mjs" "run"$/m);
  assert.match(content, /^Environment=MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=65536 /m);
  assert.deepEqual(install.at(-1), ['systemctl', '--user', 'restart', 'redwatch.service']);
});

test('systemd itself finds nothing wrong with the unit', { skip: existsSync('/usr/bin/systemd-analyze') ? false : 'systemd-analyze is not installed' }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'redwatch-unit-'));
  try {
    const { content } = serviceOf([process.execPath, '/home/a b/100%/redwatch.mjs', 'run'], { variables: { HOME: folder }, platform: 'linux' });
    await writeFile(join(folder, 'redwatch.service'), content);
    const { exitCode, stdout, stderr } = await runToEnd('/usr/bin/systemd-analyze', ['--user', 'verify', join(folder, 'redwatch.service')], { variables: { XDG_RUNTIME_DIR: folder, HOME: folder } });
    assert.deepEqual([exitCode, `${stdout}${stderr}`.split('\n').filter((line) => line.includes('redwatch'))], [0, []]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
