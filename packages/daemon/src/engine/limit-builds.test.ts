import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { baseImage, testEngine } from '../../test/test-engine.ts';
import { buildGroups } from './build-groups.ts';
import { buildImage, engineVersion, limitBuilds, openEngine } from './index.ts';
import { writeGroupLimits, writesOf } from './write-group-limits.ts';

const engine = testEngine('limits');
const gibibyte = 1024 ** 3;

test('a build step is held to its memory, and the other limits are where the kernel reads them', async () => {
  const image = await baseImage(engine);
  const contextDirectory = await mkdtemp(join(tmpdir(), 'redcontrol-test-limits-'));
  const build = (script: string) =>
    buildImage(engine, { contextDirectory, dockerfile: `FROM ${image}\nRUN ${script}\n`, tag: `${engine.instance}/limits:1`, labels: { role: 'image' }, noCache: true, onOutput: () => {} });
  // High enough for the builds of other tests that run meanwhile: the cgroup is the engine's, not this test's.
  const report = await limitBuilds(engine, { memoryBytes: 2 * gibibyte, cpuShares: 512, pids: 20_000 });
  try {
    await build('true');
    await assert.rejects(build('perl -e \'$x = "a" x 3000000000; print length $x\''), { code: 'BUILD_FAILED' });
    const version = await engineVersion(engine);
    if (version.cgroupVersion === 1 && version.cgroupDriver === 'cgroupfs') {
      assert.deepEqual(report.failed, []);
      const read = (path: string) => readFile(`/sys/fs/cgroup/${path}`, 'utf8');
      assert.equal((await read('cpu/docker/buildkit/cpu.shares')).trim(), '512');
      assert.equal((await read('pids/docker/buildkit/pids.max')).trim(), '20000');
    }
  } finally {
    await limitBuilds(engine, { memoryBytes: 1024 * gibibyte, cpuShares: 1024, pids: 4_000_000 });
    await rm(contextDirectory, { recursive: true });
  }
});

test('builds in a virtual machine are said not to be limited here', async () => {
  const report = await limitBuilds(openEngine({ name: 'vm-1', socketPath: '/nowhere' }), { pids: 1 });
  assert.equal(report.set.length, 0);
  assert.match(report.failed.join(), /vm-1/);
});

test('cgroup v2 with the systemd driver: the cgroup of each step is found and limited, containers are not', async () => {
  const root = await mkdtemp(join(tmpdir(), 'redcontrol-test-cgroup-'));
  const step = 'ab1cd2ef3gh4ij5kl6mn7op8q';
  const folders = [`system.slice/system.slice:docker:${step}`, `system.slice/docker-${step}.scope`, `system.slice:docker:${step}`, `system.slice/docker-${'a'.repeat(64)}.scope`, 'user.slice'];
  for (const folder of folders) {
    await mkdir(join(root, folder), { recursive: true });
    for (const file of ['memory.max', 'cpu.weight', 'cpu.max', 'pids.max']) await writeFile(join(root, folder, file), '');
  }
  const groups = buildGroups({ cgroupVersion: 2, cgroupDriver: 'systemd' }, root);
  assert.ok(groups.kind === 'each-step');
  const found = await groups.find();
  assert.deepEqual(found.sort(), folders.slice(0, 3).sort());
  for (const folder of found) {
    assert.deepEqual((await writeGroupLimits(groups.filesOf(folder), { memoryBytes: 1000, cpuShares: 1024, cpus: 0.5, pids: 9 })).failed, []);
    const read = (file: string) => readFile(join(root, folder, file), 'utf8');
    assert.deepEqual(await Promise.all(['memory.max', 'cpu.weight', 'cpu.max', 'pids.max'].map(read)), ['1000', '39', '50000 100000', '9']);
  }
  assert.equal(await readFile(join(root, folders[3]!, 'memory.max'), 'utf8'), '');
  await rm(root, { recursive: true });
});

test('a limit that cannot be set is told, the others are set', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-test-cgroup-'));
  await writeFile(join(folder, 'pids.max'), '');
  const report = await writeGroupLimits({ version: 2, folder }, { pids: 5, memoryBytes: 7 });
  assert.deepEqual(report.set, ['processes 5']);
  assert.match(report.failed.join(), /memory 7 bytes: .*ENOENT/);
  await rm(folder, { recursive: true });
});

test('cgroup v1 has a file for each controller', () => {
  const files = { version: 1 as const, memory: '/m', cpu: '/c', pids: '/p' };
  assert.deepEqual(writesOf(files, { memoryBytes: 1, cpuShares: 2, cpus: 3, pids: 4 }).map((each) => [each.path, each.value]), [
    ['/m/memory.limit_in_bytes', '1'], ['/c/cpu.shares', '2'], ['/c/cpu.cfs_period_us', '100000'], ['/c/cpu.cfs_quota_us', '300000'], ['/p/pids.max', '4'],
  ]);
});
