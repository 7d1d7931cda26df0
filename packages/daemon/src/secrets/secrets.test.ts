import assert from 'node:assert/strict';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { openKeyFile, seal, sealContext, unseal } from './index.ts';

const directory = await mkdtemp(join(tmpdir(), 'redcontrol-secrets-'));
after(() => rm(directory, { recursive: true, force: true }));

const refusedBy = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof RedControlError && error.code === code && text.test(error.message) && (error.hint ?? '') !== '';

test('the first start makes a key of mode 0600 and the next one reads the same', async () => {
  const path = join(directory, 'new', 'key');
  const key = await openKeyFile(path);
  assert.equal(key.length, 32);
  assert.equal((await stat(path)).mode & 0o7777, 0o600);
  assert.deepEqual(await openKeyFile(path), key);
  assert.deepEqual(await readdir(join(directory, 'new')), ['key'], 'no temporary file stays');
});

test('twenty starts at once get one and the same key', async () => {
  const path = join(directory, 'race', 'key');
  const keys = await Promise.all(Array.from({ length: 20 }, () => openKeyFile(path)));
  assert.equal(new Set(keys.map((key) => key.toString('hex'))).size, 1);
  assert.deepEqual(await readdir(join(directory, 'race')), ['key']);
});

test('a key file that others could use, of a wrong length, or that is no plain file is refused and left as it is', async () => {
  const path = join(directory, 'refused');
  for (const mode of [0o640, 0o604, 0o620, 0o601]) {
    await writeFile(path, randomBytes(32));
    await chmod(path, mode);
    await assert.rejects(openKeyFile(path), refusedBy('SECRET_KEY_REFUSED', /mode 0600/), mode.toString(8));
  }
  await chmod(path, 0o600);
  await writeFile(path, 'short');
  await assert.rejects(openKeyFile(path), refusedBy('SECRET_KEY_REFUSED', /got 5 bytes/));
  assert.equal(await readFile(path, 'utf8'), 'short');
  const linked = join(directory, 'linked');
  await writeFile(join(directory, 'target'), randomBytes(32), { mode: 0o600 });
  await symlink(join(directory, 'target'), linked);
  await assert.rejects(openKeyFile(linked), refusedBy('SECRET_KEY_REFUSED', /symbolic link/));
  const folder = join(directory, 'folder');
  await mkdir(folder, { mode: 0o700 });
  await assert.rejects(openKeyFile(folder), refusedBy('SECRET_KEY_REFUSED', /plain file/));
});

test('a key file of another user is refused', { skip: process.getuid?.() !== 0 && 'needs root' }, async () => {
  const path = join(directory, 'foreign');
  await writeFile(path, randomBytes(32), { mode: 0o600 });
  await chown(path, 10_001, 10_001);
  await assert.rejects(openKeyFile(path), refusedBy('SECRET_KEY_REFUSED', /uid 10001/));
});

const key = randomBytes(32);
const place = sealContext({ project: 'shop', environment: 'production', name: 'TOKEN' });

test('what was sealed comes back, and twice sealed is twice different', () => {
  for (const value of ['', 'x', 'пароль €', 'a\nb\r\n\0c', 'long '.repeat(20_000)]) {
    const sealed = seal(key, value, place);
    assert.equal(unseal(key, sealed, place).toString(), value);
    assert.notDeepEqual(seal(key, value, place), sealed);
    if (value.length > 3) assert.equal(sealed.includes(value), false);
  }
  const binary = randomBytes(1000);
  assert.deepEqual(unseal(key, new Uint8Array(seal(key, binary, place)), place), binary);
});

test('a value opens in no other place, also where names run together', () => {
  const sealed = seal(key, 'v', sealContext({ project: 'a', environment: 'b', name: 'c' }));
  for (const other of [
    { project: 'a', environment: 'b', name: 'd' }, { project: 'a', environment: 'x', name: 'c' },
    { project: 'b', environment: 'a', name: 'c' }, { project: 'ab', environment: '', name: 'c' }, { project: 'a","b', environment: 'c', name: '' },
  ]) {
    assert.throws(() => unseal(key, sealed, sealContext(other)), refusedBy('SECRET_UNREADABLE', /another place/));
  }
});

test('another key, a newer format and damaged bytes are told apart', () => {
  const sealed = seal(key, 'value', place);
  assert.throws(() => unseal(randomBytes(32), sealed, place), refusedBy('SECRET_UNREADABLE', /another key/));
  const newer = Buffer.from(sealed);
  newer[2] = 9;
  assert.throws(() => unseal(key, newer, place), refusedBy('SECRET_UNREADABLE', /format 9/));
  assert.throws(() => unseal(key, Buffer.from('plain text that is long enough to be one'), place), refusedBy('SECRET_UNREADABLE', /other bytes/));
  assert.throws(() => unseal(key, Buffer.alloc(0), place), refusedBy('SECRET_UNREADABLE', /other bytes/));
});

test('every changed bit and every cut is found', () => {
  const sealed = seal(key, 'value', place);
  for (let at = 0; at < sealed.length * 8; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at >> 3]! ^= 1 << (at & 7);
    assert.throws(() => unseal(key, changed, place), RedControlError, `bit ${at}`);
  }
  for (let length = 0; length < sealed.length; length += 1) {
    assert.throws(() => unseal(key, sealed.subarray(0, length), place), RedControlError, `length ${length}`);
  }
});

test('an error tells nothing of key or value', () => {
  const sealed = seal(key, 'hunter2-secret', place);
  try {
    unseal(key, sealed, 'elsewhere');
    assert.fail('opened');
  } catch (error) {
    assert.doesNotMatch(JSON.stringify(error) + String((error as Error).stack), new RegExp(`hunter2|${key.toString('hex')}`));
  }
});
