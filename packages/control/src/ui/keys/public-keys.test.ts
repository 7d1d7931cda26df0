import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { createOwnKey, ownPublicKeys, publicKeysIn } from './public-keys.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-keys-'));
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'anna@laptop', '-f', join(folder, 'id_ed25519')]);
});
after(() => rm(folder, { recursive: true }));

test('a folder\'s public keys have the fingerprints that OpenSSH shows', async () => {
  const [key, ...others] = await ownPublicKeys(folder);
  assert.equal(others.length, 0);
  const { stdout } = await runOrThrow('ssh-keygen', ['-lf', join(folder, 'id_ed25519.pub')]);
  assert.ok(stdout.includes(key?.fingerprint ?? 'none'));
  assert.equal(key?.comment, 'anna@laptop');
  assert.deepEqual(await ownPublicKeys(join(folder, 'nothing')), []);
});

test('lines of authorized_keys are read without their options', async () => {
  const line = (await readFile(join(folder, 'id_ed25519.pub'), 'utf8')).trim();
  const keys = publicKeysIn(`# people\n\nrestrict,command="x y" ${line}\n${line}\n`);
  assert.equal(keys.length, 2);
  assert.equal(keys[0]?.key, line);
});

test('what is no public key is said, and a private one is not repeated', async () => {
  const secret = await readFile(join(folder, 'id_ed25519'), 'utf8');
  assert.throws(() => publicKeysIn(secret), (error: Error) => /private/.test(error.message) && !error.message.includes(secret.split('\n')[1]!));
  const line = (await readFile(join(folder, 'id_ed25519.pub'), 'utf8')).trim();
  assert.throws(() => publicKeysIn(`${line}\n${line.replace('ssh-ed25519', 'ssh-rsa')}`), /line 2/);
  assert.throws(() => publicKeysIn('ssh-ed25519 AAAA'), /line 1/);
  assert.throws(() => publicKeysIn(''), { code: 'CONFIG_INVALID' });
});

test('a key is made where there is none, and never over one that is there', async () => {
  const own = join(folder, 'new', '.ssh');
  const made = await createOwnKey(own);
  assert.equal(made.type, 'ssh-ed25519');
  assert.deepEqual(await ownPublicKeys(own), [made]);
  await assert.rejects(createOwnKey(own), { code: 'CONFLICT' });
});
