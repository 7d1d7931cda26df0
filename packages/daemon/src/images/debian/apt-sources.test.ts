import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { serverMirrors, sourceLines } from './apt-sources.ts';

async function etc(context: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-test-etc-'));
  context.after(() => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

const debian12 = 'ID=debian\nVERSION_CODENAME=bookworm\n';

test('lines of sources.list', async (context) => {
  const folder = await etc(context, {
    'os-release': debian12,
    'apt/sources.list': '# deb http://old.example.com bookworm main\ndeb [signed-by=/k arch=amd64] http://mirror.example.com/debian bookworm main contrib\ndeb http://mirror.example.com/security bookworm-security main\n',
    'apt/sources.list.d/tool.list': 'deb https://tool.example.com/apt bookworm stable\n',
  });
  assert.deepEqual(await serverMirrors(folder), { archive: 'http://mirror.example.com/debian', security: 'http://mirror.example.com/security' });
});

test('paragraphs of .sources files, with folded fields; a disabled one is not taken', async (context) => {
  const folder = await etc(context, {
    'os-release': debian12,
    'apt/sources.list.d/a.sources': 'Types: deb\nEnabled: no\nURIs: http://disabled.example.com\nSuites: bookworm\nComponents: main\n\nTypes: deb deb-src\n# a note\nURIs: http://one.example.com/debian\nSuites: bookworm\n bookworm-updates\nComponents: main\n',
  });
  const mirrors = await serverMirrors(folder);
  assert.deepEqual(mirrors, { archive: 'http://one.example.com/debian', security: undefined });
  assert.deepEqual(sourceLines(mirrors!, 'trixie'), ['deb http://one.example.com/debian trixie main', 'deb http://one.example.com/debian trixie-updates main']);
});

test('another distribution has no mirror of Debian', async (context) => {
  const folder = await etc(context, { 'os-release': 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n', 'apt/sources.list': 'deb http://mirror.example.com/ubuntu noble main\n' });
  assert.equal(await serverMirrors(folder), undefined);
  assert.equal(await serverMirrors(join(folder, 'missing')), undefined);
});
