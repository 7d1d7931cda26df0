import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runOrThrow, spawnProcess } from '@redcontrol/system';
import { bundle } from '../../scripts/bundle.ts';
import { startTestServer, type TestServer } from '../server/start-test-server.ts';
import { startShop, version, type LiveShop } from '../world/live-shop.ts';

const program = join(import.meta.dirname, '../../packages/control/bin/redcontrol.js');
let shop: LiveShop;
let other: TestServer;
let folder = '';
let bundlePath = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-restore-'));
  bundlePath = (await bundle(join(folder, 'dist'))).find(({ name }) => name === 'redcontrol-daemon')?.path ?? '';
  shop = await startShop('state');
  other = await startTestServer({ instance: `${shop.server.container}-other` });
});
after(async () => {
  await other?.remove();
  await shop?.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The command line against one of the two servers, over SSH. */
async function cli(server: TestServer, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  await writeFile(join(folder, 'ssh_config'), `IdentityFile ${server.target.identityFile}\nIdentitiesOnly yes\nUserKnownHostsFile ${join(folder, `known_hosts_${server.target.port}`)}\nGlobalKnownHostsFile /dev/null\n`);
  await writeFile(join(folder, 'redcontrol.yml'), `project: shop
repository: file://${shop.repository}
servers: { main: { host: 127.0.0.1, port: ${server.target.port} } }
environments: { production: { deploy: { branch: main }, port: 8000 } }
`);
  const fingerprint = (await server.exec('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')).stdout.split(' ')[1] ?? '';
  const child = spawnProcess(process.execPath, [program, '--ssh-config', join(folder, 'ssh_config'), '--accept-host-key', fingerprint, ...args], { cwd: folder, variables: { NODE_NO_WARNINGS: '1', REDCONTROL_DAEMON_BUNDLE: bundlePath } });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code: code as number, stdout, stderr };
}

const onOther = async (script: string) => {
  const { exitCode, stdout, stderr } = await other.exec(script);
  assert.equal(exitCode, 0, `${script}\n${stdout}${stderr}`);
  return stdout.trim();
};

test('the state of a server goes into one encrypted file, and a fresh server is brought to it; damaged it changes nothing', { timeout: 880_000 }, async () => {
  await shop.call('secret.set', { project: 'shop', environment: 'production', name: 'LATER', value: 'a value' });
  await shop.succeeds(await shop.push(version('v1')));
  const before = await shop.call('project.show', { project: 'shop' });

  const made = await cli(shop.server, 'server', 'backup', 'state.tar.age');
  assert.equal(made.code, 0, made.stderr);
  assert.equal((await stat(join(folder, 'state.tar.age'))).mode & 0o777, 0o600);
  const key = await cli(shop.server, 'backup', 'key');
  await writeFile(join(folder, 'key.txt'), key.stdout, { mode: 0o600 });
  const sealed = await readFile(join(folder, 'state.tar.age'));
  assert.ok(sealed.subarray(0, 21).equals(Buffer.from('age-encryption.org/v1')));
  const changed = Buffer.from(sealed);
  changed[sealed.length - 100]! ^= 1;
  await writeFile(join(folder, 'damaged.age'), changed);

  // The repository is on the server itself, so it has to come along.
  await runOrThrow('sh', ['-c', 'docker exec "$1" tar -C /srv -c git | docker exec -i "$2" tar -C /srv -x', 'sh', shop.server.container, other.container]);
  await runOrThrow('sh', ['-c', 'docker exec "$1" cat /etc/apt/sources.list.d/debian.sources | docker exec -i "$2" sh -c "rm -f /etc/apt/sources.list; cat > /etc/apt/sources.list.d/debian.sources"', 'sh', shop.server.container, other.container]);

  const refused = await cli(other, 'server', 'restore', 'damaged.age', '--key', 'key.txt', '--yes');
  assert.equal(refused.code, 7, refused.stdout + refused.stderr);
  assert.match(refused.stderr, /BACKUP_CORRUPT/);
  assert.deepEqual(JSON.parse((await cli(other, 'project', 'list', '--json')).stdout), []);

  const restored = await cli(other, 'server', 'restore', 'state.tar.age', '--key', 'key.txt', '--yes');
  assert.equal(restored.code, 0, restored.stdout + restored.stderr);

  const [state] = JSON.parse((await cli(other, 'status', '--json')).stdout);
  assert.deepEqual([state.revision, state.deployKey, state.repository], [before.revision, before.deployKey, before.repository]);
  assert.match((await cli(other, 'secret', 'list')).stdout, /LATER/);
  for (const path of ['key', 'backup-key.txt', 'ssh/shop']) {
    const [a, b] = await Promise.all([shop.out(`sha256sum < /var/lib/redcontrol/${path}`), onOther(`sha256sum < /var/lib/redcontrol/${path}; stat -c %a /var/lib/redcontrol/${path} >&2`)]);
    assert.equal(a, b, path);
  }

  for (const deadline = Date.now() + 420_000; ; await delay(1000)) {
    const answer = await fetch(`http://127.0.0.1:${other.port(8000)}/`).then((response) => response.text(), () => '');
    if (answer === 'v1') break;
    assert.ok(Date.now() < deadline, `${answer}\n${await onOther('journalctl -u redcontrol -n 60 --output cat; docker ps -a')}`);
  }
  const again = await cli(other, 'server', 'restore', 'state.tar.age', '--key', 'key.txt', '--yes');
  assert.equal(again.code, 3, again.stderr);
  assert.match(again.stderr, /CONFLICT/);
});
