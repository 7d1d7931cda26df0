import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openGroup } from './group-reader.ts';

/** A kernel's folders as files: what is not this machine's version of cgroups can be read only so. */
function folders(t: TestContext, files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), 'redcontrol-groups-'));
  t.after(() => rmSync(root, { recursive: true }));
  const network = 'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo: 9999      10    0    0    0     0          0         0     9999      10    0    0    0     0       0          0\n  eth0: 1500      10    0    0    0     0          0         0      700       8    0    0    0     0       0          0\n';
  for (const [path, text] of Object.entries({ 'proc/7/net/dev': network, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { cgroup: join(root, 'cgroup'), proc: join(root, 'proc') };
}

test('cgroup v2 as systemd arranges it', (t) => {
  const group = 'cgroup/system.slice/docker-abc.scope';
  const at = folders(t, {
    'proc/7/cgroup': '0::/system.slice/docker-abc.scope\n',
    [`${group}/memory.current`]: '52428800\n', [`${group}/memory.max`]: '134217728\n', [`${group}/memory.stat`]: 'anon 100\nfile 20000\nactive_file 5\ninactive_file 10485760\n',
    [`${group}/cpu.stat`]: 'usage_usec 1234567\nuser_usec 1000000\nsystem_usec 234567\n', [`${group}/pids.current`]: '5\n',
  });
  assert.deepEqual(openGroup(7, at)!.read(), { memoryBytes: 41_943_040, memoryLimitBytes: 134_217_728, cpuNanoseconds: 1_234_567_000, processes: 5, receivedBytes: 1500, sentBytes: 700 });
});

test('cgroup v1 with a folder a controller', (t) => {
  const at = folders(t, {
    'proc/7/cgroup': '12:pids:/docker/abc\n9:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n',
    'cgroup/memory/docker/abc/memory.usage_in_bytes': '3000\n', 'cgroup/memory/docker/abc/memory.limit_in_bytes': '4096\n', 'cgroup/memory/docker/abc/memory.stat': 'inactive_file 1\ntotal_inactive_file 1000\n',
    'cgroup/cpuacct/docker/abc/cpuacct.usage': '777\n', 'cgroup/pids/docker/abc/pids.current': '2\n',
  });
  assert.deepEqual(openGroup(7, at)!.read(), { memoryBytes: 2000, memoryLimitBytes: 4096, cpuNanoseconds: 777, processes: 2, receivedBytes: 1500, sentBytes: 700 });
});

test('a process that is gone has no figures', (t) => {
  assert.equal(openGroup(8, folders(t, {})), undefined);
});
