import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fetchNpmPackage } from './fetch-npm-package.ts';

const content = Buffer.from('the program');
const integrity = (bytes: Buffer) => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
let address: string;
let folder: string;
const registryBefore = process.env['npm_config_registry'];

const server = createServer((request, response) => {
  if (request.url === '/file.tgz') return void response.end(content);
  const version = (name: string, sum: string | undefined) => [name, { version: name, dist: { tarball: `${address}/file.tgz`, ...(sum ? { integrity: sum } : {}) } }];
  if (request.url === '/tool') {
    const versions = [version('9.1.0', integrity(content)), version('10.2.0', integrity(content)), version('10.11.0', integrity(content)), version('10.12.0-rc.1', integrity(content))];
    return void response.end(JSON.stringify({ versions: Object.fromEntries(versions) }));
  }
  if (request.url === '/forged') return void response.end(JSON.stringify({ versions: Object.fromEntries([version('1.0.0', integrity(Buffer.from('another')))]) }));
  if (request.url === '/unsigned') return void response.end(JSON.stringify({ versions: Object.fromEntries([version('1.0.0', undefined)]) }));
  response.statusCode = 404;
  response.end('{}');
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['npm_config_registry'] = address;
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-test-npm-'));
});
after(async () => {
  if (registryBefore === undefined) delete process.env['npm_config_registry'];
  else process.env['npm_config_registry'] = registryBefore;
  server.close();
  await rm(folder, { recursive: true });
});

test('the newest version that begins with what is asked for comes from the registry that the environment names', async () => {
  const file = join(folder, 'tool.tgz');
  assert.equal(await fetchNpmPackage('tool', '10', file), '10.11.0');
  assert.deepEqual(await readFile(file), content);
  assert.equal(await fetchNpmPackage('tool', '10.2', file), '10.2.0');
  assert.equal(await fetchNpmPackage('tool', '9.1.0', file), '9.1.0');
});

test('what is missing, forged or without a checksum is refused', async () => {
  const file = join(folder, 'none.tgz');
  await assert.rejects(fetchNpmPackage('tool', '1', file), (error: { code: string; hint: string }) => error.code === 'IMAGE_UNAVAILABLE' && error.hint.includes('10, 9'));
  for (const name of ['forged', 'unsigned', 'nothing']) await assert.rejects(fetchNpmPackage(name, '1', file), { code: 'IMAGE_UNAVAILABLE' }, name);
  await assert.rejects(readFile(file), { code: 'ENOENT' });
  await assert.rejects(fetchNpmPackage('tool', '10', file, AbortSignal.abort()), { code: 'CANCELLED' });
});
