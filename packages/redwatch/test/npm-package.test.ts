import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { startTestDaemon } from '@redcontrol/client/test-daemon';
import { bundle } from '../../../scripts/bundle.ts';
import { makeNpmPackage } from '../package/npm-package.ts';

let folder: string;
/** A folder that knows nothing of this workspace, with redwatch from the tarball. */
let project: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-npm-'));
  project = join(folder, 'project');
  await mkdir(project);
  const program = (await bundle(join(folder, 'programs'))).find(({ name }) => name === 'redwatch')!.path;
  const tarball = await makeNpmPackage(program, folder);
  // Offline: nothing but the tarball is needed.
  await runOrThrow('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project, timeoutMs: 120_000 });
});
after(() => rm(folder, { recursive: true, force: true }));

const npx = (...args: string[]) => runToEnd('npx', ['--offline', '--no', '--', 'redwatch', ...args], { cwd: project, timeoutMs: 120_000, variables: { HOME: join(folder, 'home'), XDG_CONFIG_HOME: '', XDG_STATE_HOME: '' } });

test('npx redwatch runs from the tarball alone', async () => {
  const { version } = JSON.parse(await readFile(join(project, 'node_modules/redwatch/package.json'), 'utf8')) as { version: string };
  assert.deepEqual([(await npx('--version')).stdout, (await npx('status')).exitCode], [`${version}\n`, 2]);
});

test('and speaks with a daemon', async () => {
  const socket = join(folder, 'daemon.sock');
  const daemon = await startTestDaemon(socket, { 'project.list': () => [], 'run.list': () => [] });
  try {
    await mkdir(join(folder, 'home/.config/redwatch'), { recursive: true });
    await writeFile(join(folder, 'home/.config/redwatch/settings.json'), JSON.stringify({ servers: [{ name: 'main', host: 'h', user: 'u', port: 22, socket }] }));
    const { exitCode, stdout, stderr } = await npx('--json', 'status');
    assert.deepEqual([exitCode, Object.keys(JSON.parse(stdout) as object)], [0, ['projects', 'errors']], stderr);
  } finally {
    await daemon.close();
  }
});
