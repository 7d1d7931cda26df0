import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { canRunS3Server, startS3Server, type S3Server } from '../test-bed/s3-server.ts';
import type { BackupStorage } from './backup-storage.ts';
import { localStorage } from './local-storage.ts';
import { s3Storage } from './s3-storage.ts';

const directory = await mkdtemp(join(tmpdir(), 'redcontrol-storage-'));
after(() => rm(directory, { recursive: true, force: true }));

const streamOf = (bytes: Buffer) => Readable.from(chunksOf(bytes), { objectMode: false });
function* chunksOf(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}
const brokenStream = (bytes: number) => Readable.from((async function* () {
  for (let sent = 0; sent < bytes; sent += 1024 ** 2) yield Buffer.alloc(1024 ** 2);
  throw new Error('the source broke off');
})(), { objectMode: false });

async function keepsFiles(storage: BackupStorage): Promise<void> {
  for (const length of [0, 1, 3_000_000, 17 * 1024 ** 2 + 5]) {
    const content = randomBytes(length);
    await storage.write('shop/production/1/file.age', streamOf(content));
    assert.ok((await buffer(await storage.read('shop/production/1/file.age'))).equals(content), `${length} bytes`);
  }
  await assert.rejects(storage.read('shop/production/1/other.age'), { code: 'NOT_FOUND' });
  await storage.remove('shop/production/1', ['file.age']);
  await assert.rejects(storage.read('shop/production/1/file.age'), { code: 'NOT_FOUND' });
  await storage.remove('shop/production/1', ['file.age']);
}

describe('a directory', () => {
  const storage = localStorage(join(directory, 'plain'), { reserveBytes: 0 });

  test('gives back what it took, readable for its owner alone', async () => {
    await keepsFiles(storage);
    await storage.write('shop/test/2/file.age', streamOf(Buffer.from('x')));
    assert.equal((await stat(join(directory, 'plain/shop/test/2/file.age'))).mode & 0o777, 0o600);
  });

  test('keeps nothing of a stream that breaks off', async () => {
    await assert.rejects(storage.write('shop/test/3/file.age', brokenStream(20 * 1024 ** 2)), /broke off/);
    assert.deepEqual(await readdir(join(directory, 'plain/shop/test/3')), []);
  });

  test('stops in the middle when the disk would get below its reserve, and keeps nothing', async () => {
    const { bavail, bsize } = await statfs(directory);
    let sent = 0;
    const endless = Readable.from((async function* () {
      for (;;) {
        sent += 1024 ** 2;
        yield randomBytes(1024 ** 2);
      }
    })(), { objectMode: false });
    // What others write to the disk meanwhile only makes it end sooner.
    const tight = localStorage(join(directory, 'tight'), { reserveBytes: bavail * bsize - 40 * 1024 ** 2 });
    await assert.rejects(tight.write('a/b/1/file.age', endless), { code: 'DISK_FULL', hint: /backup remove/ });
    assert.ok(sent > 0 && sent < 400 * 1024 ** 2, `${sent} bytes were sent`);
    assert.deepEqual(await readdir(join(directory, 'tight/a/b/1')), []);
  });
});

const canRun = await canRunS3Server();
describe('an S3 store', { skip: canRun ? false : 'Go is not there to make an S3 server with' }, () => {
  let server: S3Server;
  before(async () => {
    server = await startS3Server();
  });
  after(() => server?.stop());
  const access = (change: object = {}) => ({ bucket: server.bucket, endpoint: server.endpoint, region: 'us-east-1', keyId: server.keyId, secret: server.secret, ...change });

  test('gives back what it took, in several parts where it is large', () => keepsFiles(s3Storage(access())));

  test('keeps nothing of a stream that breaks off', async () => {
    await assert.rejects(s3Storage(access()).write('shop/test/3/file.age', brokenStream(20 * 1024 ** 2)), { code: 'BACKUP_FAILED', message: /broke off/ });
    await assert.rejects(readFile(server.fileOf('shop/test/3/file.age')));
  });

  test('a wrong key, a wrong bucket and a server that is not there are told', async () => {
    const write = (change: object) => s3Storage(access(change)).write('a/b/1/file.age', streamOf(Buffer.from('x')));
    await assert.rejects(write({ secret: 'wrong-secret-access-key' }), { code: 'BACKUP_FAILED', message: /SignatureDoesNotMatch|403/ });
    await assert.rejects(write({ bucket: 'elsewhere' }), { code: 'BACKUP_FAILED', message: /NoSuchBucket|404/ });
    await assert.rejects(write({ endpoint: 'http://127.0.0.1:1' }), { code: 'BACKUP_FAILED', hint: /redcontrol secret list/ });
  });
});
