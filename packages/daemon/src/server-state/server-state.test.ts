import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { pack } from 'tar-stream';
import { projectConfig } from '@redcontrol/contract';
import { openBackupKey, sealStream } from '../backup/index.ts';
import type { DaemonContext } from '../context.ts';
import { openKeyFile } from '../secrets/index.ts';
import { addRelease, addRevision, addRun, ensureEnvironment, listOpenRuns, liveRelease, migrations, openStore, setLive, setPeople } from '../store/index.ts';
import { makeArchive } from './make-archive.ts';
import { stageState, takeState } from './take-state.ts';

const folder = await mkdtemp(join(tmpdir(), 'redcontrol-state-'));
after(() => rm(folder, { recursive: true, force: true }));

const config = projectConfig.parse({ project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers: { main: { host: '203.0.113.10' } }, environments: { production: { deploy: { branch: 'main' } } } });
const commit = 'a'.repeat(40);
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDMvwbmrgB/gYLcLhcUC3v5bqqT2AH/2N6XWE6DbfoRA';
const old = join(folder, 'old');
await mkdir(join(old, 'ssh'), { recursive: true });
await mkdir(join(old, 'certificates'));
await writeFile(join(old, 'ssh', 'shop'), 'a private key', { mode: 0o600 });
await writeFile(join(old, 'certificates', 'shop.example.com.pem'), 'a certificate', { mode: 0o600 });
await openKeyFile(join(old, 'key'));
const backupKey = await openBackupKey(join(old, 'backup-key.txt'));
const store = openStore(join(old, 'state.db'));
after(() => store.close());
store.transaction(() => {
  addRevision(store, 'shop', { text: 'project: shop', config, summary: '', appliedBy: 'Anna', appliedAt: 1, webhookSecret: new Uint8Array() });
  ensureEnvironment(store, { project: 'shop', name: 'production', needsPort: true });
  setPeople(store, 'shop', [{ fingerprint: 'SHA256:anna', project: 'shop', name: 'Anna', role: 'admin', key }]);
  const run = { project: 'shop', trigger: 'push' as const, ref: 'main', refKind: 'branch' as const, commit, message: '', author: '', authorEmail: '', environments: ['production'], revision: 1, startedBy: '', createdAt: 1 };
  const { run: first } = addRun(store, run);
  const release = addRelease(store, { ...run, environment: 'production', runId: first.id, imageId: 'sha256:1', snapshot: new Uint8Array(), rollbackOf: null });
  setLive(store, release, 2);
});
// The parts of a daemon that its state is made of; nothing of an engine or the network is asked.
const daemon = { options: { dataDirectory: old }, store, backupKey, clock: { now: () => 5 } } as unknown as DaemonContext;

async function archive(): Promise<Buffer> {
  const made = await makeArchive(daemon, '0.1.0');
  const content = await readFile(made.path);
  assert.equal(content.length, made.bytes);
  await made.dispose();
  return content;
}

let servers = 0;
async function freshServer() {
  servers += 1;
  const dataDirectory = join(folder, `server-${servers}`);
  await mkdir(join(dataDirectory, 'home', '.ssh'), { recursive: true });
  await openKeyFile(join(dataDirectory, 'key'));
  openStore(join(dataDirectory, 'state.db')).close();
  return { dataDirectory, authorizedKeys: join(dataDirectory, 'home', '.ssh', 'authorized_keys'), now: 10 };
}

const stream = (bytes: Buffer) => Readable.from([bytes], { objectMode: false });

test('a fresh server gets the state of another: store, keys, certificates, people; what was live is queued, and nothing claims to be live', async () => {
  const place = await freshServer();
  const found = await stageState(place, stream(await archive()), backupKey.identity);
  assert.deepEqual([found.projects, found.createdAt], [['shop'], 5]);
  await takeState(place);
  for (const name of ['key', 'backup-key.txt', 'ssh/shop', 'certificates/shop.example.com.pem']) {
    assert.deepEqual(await readFile(join(place.dataDirectory, name)), await readFile(join(old, name)), name);
    assert.equal((await stat(join(place.dataDirectory, name))).mode & 0o777, 0o600, name);
  }
  assert.ok((await readFile(place.authorizedKeys, 'utf8')).includes(key));
  const restored = openStore(join(place.dataDirectory, 'state.db'));
  try {
    assert.equal(liveRelease(restored, 'shop', 'production'), undefined);
    const runs = listOpenRuns(restored);
    assert.deepEqual(runs.map((run) => [run.status, run.commit, run.environments, run.startedBy]), [['queued', commit, ['production'], 'server restore']]);
  } finally {
    restored.close();
  }
  assert.ok(!existsSync(join(place.dataDirectory, 'restored-state')));
  await assert.rejects(stageState(place, stream(await archive()), backupKey.identity), { code: 'CONFLICT' });
});

test('a damaged or cut file, another key and another archive are refused, and the server is as it was', async () => {
  const whole = await archive();
  const place = await freshServer();
  const keyBefore = await readFile(join(place.dataDirectory, 'key'));
  const refused = async (bytes: Buffer, identity = backupKey.identity) => {
    await assert.rejects(stageState(place, stream(bytes), identity), { code: 'BACKUP_CORRUPT' });
    assert.ok(!existsSync(join(place.dataDirectory, 'restored-state')));
    assert.deepEqual(await readFile(join(place.dataDirectory, 'key')), keyBefore);
  };
  for (const at of [10, 300, Math.floor(whole.length / 2), whole.length - 1]) {
    const changed = Buffer.from(whole);
    changed[at]! ^= 1;
    await refused(changed);
  }
  for (const length of [0, 200, whole.length - 1]) await refused(whole.subarray(0, length));
  await refused(whole, (await openBackupKey(join(folder, 'other.txt'))).identity);
  const sealed = async (entries: [string, string][]) => {
    const tar = pack();
    for (const [name, content] of entries) tar.entry({ name }, content);
    tar.finalize();
    return buffer(await sealStream(Readable.from(tar, { objectMode: false }), backupKey.recipient));
  };
  await refused(await sealed([['something.txt', 'else']]));
  const manifest = (files: object[]) => JSON.stringify({ format: 1, daemonVersion: '0.1.0', hostname: 'a', createdAt: 1, files });
  await refused(await sealed([['manifest.json', manifest([])]]));
  await refused(await sealed([['manifest.json', manifest([{ name: '../../etc/passwd', bytes: 1, sha256: 'a'.repeat(64) }])], ['../../etc/passwd', 'x']]));
  await refused(await sealed([['manifest.json', manifest([{ name: 'key', bytes: 1, sha256: 'a'.repeat(64) }])], ['key', 'x']]));
  await refused(randomBytes(5000));
});

test('the state of a newer daemon is refused', async () => {
  store.sql(`PRAGMA user_version=${migrations.length + 1}`).run();
  const newer = await archive();
  store.sql(`PRAGMA user_version=${migrations.length}`).run();
  await assert.rejects(stageState(await freshServer(), stream(newer), backupKey.identity), { code: 'CONTRACT_MISMATCH' });
});
