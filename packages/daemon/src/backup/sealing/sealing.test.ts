import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { openBackupKey } from './backup-key.ts';
import { openSealed, sealStream } from './seal-stream.ts';

const directory = await mkdtemp(join(tmpdir(), 'redcontrol-sealing-'));
after(() => rm(directory, { recursive: true, force: true }));
const key = await openBackupKey(join(directory, 'key.txt'));

const sealed = async (plain: Buffer) => buffer(await sealStream(Readable.from([plain], { objectMode: false }), key.recipient));
const opened = async (bytes: Buffer, identity = key.identity) => buffer(await openSealed(Readable.from([bytes], { objectMode: false }), identity));

test('the key is made once, mode 0600, in the form that age takes; one that others could read is refused', async () => {
  assert.match(await readFile(key.path, 'utf8'), /^# .*\n# public key: age1[a-z0-9]+\nAGE-SECRET-KEY-1[0-9A-Z]+\n$/);
  assert.equal((await stat(key.path)).mode & 0o777, 0o600);
  assert.equal((await openBackupKey(key.path)).identity, key.identity);
  await chmod(key.path, 0o644);
  await assert.rejects(openBackupKey(key.path), { code: 'SECRET_KEY_REFUSED' });
  await chmod(key.path, 0o600);
});

test('what was sealed comes back, at the borders of the format\'s chunks too', async () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
    const plain = randomBytes(length);
    assert.deepEqual(await opened(await sealed(plain)), plain, String(length));
  }
});

test('a changed byte, a cut and another key are refused', async () => {
  const bytes = await sealed(randomBytes(200_000));
  for (const at of [50, 250, 70_000, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 1;
    await assert.rejects(opened(changed), { code: 'BACKUP_CORRUPT' }, String(at));
  }
  for (const length of [0, 100, 66_000, bytes.length - 1]) await assert.rejects(opened(bytes.subarray(0, length)), { code: 'BACKUP_CORRUPT' }, String(length));
  const other = await openBackupKey(join(directory, 'other.txt'));
  await assert.rejects(opened(bytes, other.identity), { code: 'BACKUP_CORRUPT' });
});

test('a source that breaks off is an error, not a short backup', async () => {
  const source = Readable.from((async function* () {
    yield Buffer.alloc(100_000);
    throw new Error('the dump broke off');
  })(), { objectMode: false });
  await assert.rejects(async () => buffer(await sealStream(source, key.recipient)), /broke off/);
});
