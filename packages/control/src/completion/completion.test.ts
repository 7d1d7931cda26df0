import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { quoteForShell, runOrThrow } from '@redcontrol/system';
import { runTestCli } from '../cli/test-cli.ts';

const program = join(import.meta.dirname, '../../bin/redcontrol.js');
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-complete-'));
  await writeFile(join(folder, 'redcontrol.yml'), `project: shop
repository: git@git.example.com:acme/shop.git
servers: { main: { host: 203.0.113.10 }, spare: { host: 203.0.113.11 } }
environments:
  production: { server: main, deploy: { branch: main }, secrets: [SECRET_KEY] }
  preview: { server: spare, deploy: { branch: develop } }
people: [{ name: "Anna; rm", key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEeZZAnKLDSJ3w8GFFYzOqaSCTzpFLBYYo9zqpuJMc", role: admin }]
`);
});
after(() => rm(folder, { recursive: true }));

async function words(...typed: string[]): Promise<string[]> {
  const { stdout } = await runTestCli(['complete', '--', ...typed], { folder });
  return stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t')[0] ?? '');
}

test('commands and their commands are completed', async () => {
  assert.deepEqual(await words('ro'), ['rollback']);
  assert.deepEqual(await words('run', ''), ['show', 'logs', 'cancel', 'retry']);
  assert.deepEqual(await words('--json', 'run', 'l'), ['logs']);
  assert.equal((await words('')).includes('complete'), false);
});

test('options, their values and names of the configuration are completed', async () => {
  assert.deepEqual(await words('run', 'logs', '12', '--fo'), ['--follow']);
  assert.deepEqual(await words('deploy', 'main', '-e', 'pr'), ['production', 'preview']);
  assert.deepEqual(await words('--server', ''), ['main', 'spare']);
  assert.deepEqual(await words('people', 'add', 'x', '--role', ''), ['viewer', 'developer', 'admin']);
  assert.deepEqual(await words('secret', 'set', 'S'), ['SECRET_KEY']);
  assert.deepEqual(await words('completion', ''), ['bash', 'zsh', 'fish']);
});

test('names that a shell could take for something else, and files, are left to the shell', async () => {
  assert.deepEqual(await words('people', 'remove', ''), []);
  assert.deepEqual(await words('--config', ''), []);
});

test('a configuration that cannot be read does not disturb the typing', async () => {
  const { code, stdout, stderr } = await runTestCli(['complete', '--', 'deploy', 'x', '-e', ''], { folder: tmpdir() });
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
});

test('bash completes with the script', async () => {
  const { stdout } = await runOrThrow('bash', ['-c', `
    redcontrol() { ${quoteForShell(process.execPath)} ${quoteForShell(program)} "$@"; }
    eval "$(redcontrol completion bash)"
    COMP_WORDS=(redcontrol deploy main --environment prod); COMP_CWORD=4; _redcontrol
    printf '%s\\n' "\${COMPREPLY[@]}"
    COMP_WORDS=(redcontrol run ""); COMP_CWORD=2; _redcontrol
    printf '%s\\n' "\${COMPREPLY[@]}"
  `], { cwd: folder });
  assert.deepEqual(stdout.trim().split('\n'), ['production', 'show', 'logs', 'cancel', 'retry']);
});
