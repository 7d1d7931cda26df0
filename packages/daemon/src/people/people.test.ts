import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { runOrThrow } from '@redcontrol/system';
import { authorizedKeysText, fingerprintOf, writeAuthorizedKeys } from './index.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-people-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function makeKey(name: string, type: string[]): Promise<{ key: string; fingerprint: string }> {
  const file = join(folder, name);
  await runOrThrow('ssh-keygen', ['-q', '-N', '', '-C', `${name}@pc`, ...type, '-f', file]);
  const { stdout } = await runOrThrow('ssh-keygen', ['-l', '-f', `${file}.pub`]);
  return { key: (await readFile(`${file}.pub`, 'utf8')).trim(), fingerprint: stdout.split(' ')[1] ?? '' };
}

test('the fingerprint is what ssh-keygen says, for every type of key', async () => {
  for (const type of [['-t', 'ed25519'], ['-t', 'rsa', '-b', '2048'], ['-t', 'ecdsa', '-b', '256'], ['-t', 'ecdsa', '-b', '521']]) {
    const { key, fingerprint } = await makeKey(type.join('-').replaceAll('-', ''), type);
    assert.equal(fingerprintOf(key), fingerprint);
  }
});

test('one restricted line per key, sorted, whatever the order and the number of projects', async () => {
  const anna = await makeKey('anna', ['-t', 'ed25519']);
  const boris = await makeKey('boris', ['-t', 'ed25519']);
  const text = authorizedKeysText([anna, boris, anna]);
  assert.equal(text, authorizedKeysText([boris, anna]));
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(lines.length, 2);
  for (const line of lines) {
    assert.match(line, /^restrict,command="\/usr\/local\/bin\/redcontrol-daemon connect --as SHA256:[A-Za-z0-9+/]{43}" ssh-ed25519 [A-Za-z0-9+/=]+$/);
  }
  const path = join(folder, 'read-back');
  await writeAuthorizedKeys(path, [anna, boris]);
  const { stdout } = await runOrThrow('ssh-keygen', ['-l', '-f', path]);
  assert.deepEqual(stdout.trim().split('\n').map((line) => line.split(' ')[1]).sort(), [anna.fingerprint, boris.fingerprint].sort());
});

test('comments cannot put anything into the file', async () => {
  const { key } = await makeKey('mallory', ['-t', 'ed25519']);
  const hostile = [
    `${key} "\n`, `${key}\nssh-ed25519 AAAA evil`, `${key} \r command="sh"`, `  ${key}\t\u2028x\u0000y`,
  ];
  for (const each of hostile) assert.equal(authorizedKeysText([{ key: each }]), authorizedKeysText([{ key }]));
});

test('what is no key is refused', async () => {
  const { key } = await makeKey('carol', ['-t', 'ed25519']);
  const [type, base64] = key.split(' ') as [string, string];
  const hostile = [
    '', 'ssh-ed25519', 'ssh-ed25519 AAAA', `ssh-rsa ${base64}`, `${type} ${base64.slice(0, -8)}!AAA`,
    `command="sh" ${key}`, `no-pty ${key}`, `${type}\n${base64}`, `${type} ${base64}"`, `ssh-dss ${base64}`,
  ];
  for (const each of hostile) {
    assert.throws(() => authorizedKeysText([{ key: each }]), (error) => error instanceof RedControlError && error.code === 'CONFIG_INVALID', each);
  }
});

test('the file is replaced as a whole and leaves nothing beside it', async () => {
  const { key } = await makeKey('dora', ['-t', 'ed25519']);
  const home = join(folder, 'home', '.ssh');
  const path = join(home, 'authorized_keys');
  await writeAuthorizedKeys(path, [{ key }]);
  assert.equal(await readFile(path, 'utf8'), authorizedKeysText([{ key }]));
  await writeAuthorizedKeys(path, []);
  assert.equal((await readFile(path, 'utf8')).includes('ssh-ed25519'), false);
  assert.equal((await stat(path)).mode & 0o777, 0o644);
  assert.deepEqual(await readdir(home), ['authorized_keys']);
});
