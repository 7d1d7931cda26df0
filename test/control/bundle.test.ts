import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { serverNodeVersion, wantedInstall } from '../../packages/control/src/apply/wanted-install.ts';
import { bundle, type Bundle } from '../../scripts/bundle.ts';

let folder = '';
let bundles: Bundle[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-bundle-'));
  bundles = await bundle(join(folder, 'one'));
});
after(() => rm(folder, { recursive: true }));

const pathOf = (name: Bundle['name']) => bundles.find((one) => one.name === name)?.path ?? '';

test('the same sources give the same bytes', async () => {
  const again = await bundle(join(folder, 'two'));
  assert.deepEqual(again.map(({ name, sha256 }) => [name, sha256]), bundles.map(({ name, sha256 }) => [name, sha256]));
});

test('both bundles run on their own, away from the sources and their packages', async () => {
  for (const { path } of bundles) {
    const { stdout } = await runOrThrow(process.execPath, [path, '--version'], { cwd: folder });
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  }
  const { stdout } = await runOrThrow(process.execPath, [pathOf('redcontrol'), 'schema'], { cwd: folder });
  assert.equal((JSON.parse(stdout) as { title: string }).title, 'redcontrol.yml');
});

test('the daemon carries neither an SSH client nor gRPC', async () => {
  const text = await readFile(pathOf('redcontrol-daemon'), 'utf8');
  assert.ok(!text.includes('node_modules/ssh2/'));
  assert.doesNotMatch(text, /ChaChaPolyCipherNative|loadPackageDefinition\s*=/);
});

test('what is installed is the bundle by its checksum, on the Node.js that this repository is tested with', async () => {
  const wanted = await wantedInstall({ REDCONTROL_DAEMON_BUNDLE: pathOf('redcontrol-daemon') });
  assert.equal(wanted.daemon.sha256, bundles.find(({ name }) => name === 'redcontrol-daemon')?.sha256);
  const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as { devDependencies: { node: string } };
  assert.equal(serverNodeVersion, manifest.devDependencies.node);
  await assert.rejects(wantedInstall({ REDCONTROL_DAEMON_BUNDLE: join(folder, 'none.mjs') }), { code: 'INSTALL_FAILED' });
});
