import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { runOrThrow } from '@redcontrol/system';
import { importSetup } from './import-setup.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redcontrol-import-'));
});
after(() => rm(folder, { recursive: true }));

async function repositoryWith(name: string, files: Record<string, string>): Promise<string> {
  const tree = join(folder, name);
  await mkdir(tree);
  const git = (...args: string[]) => runOrThrow('git', ['-C', tree, '-c', 'user.name=Anna', '-c', 'user.email=anna@example.com', ...args]);
  await git('init', '-q', '-b', 'main');
  for (const [path, text] of Object.entries(files)) await writeFile(join(tree, path), text);
  await git('add', '.');
  await git('commit', '-qm', 'first');
  return `file://${tree}`;
}

test('what a Procfile and a Compose file say comes as parts of a configuration, with what is left out', { timeout: 60_000 }, async () => {
  const repository = await repositoryWith('shop', {
    Procfile: 'web: gunicorn shop.wsgi\nworker: celery -A shop worker\n',
    'docker-compose.yml': 'services:\n  web:\n    build: .\n    environment: { DEBUG: "0" }\n    privileged: true\n  db:\n    image: postgres:16\n',
  });
  const setup = await importSetup(join(folder, 'cache'), { repository });
  assert.deepEqual(setup.files, ['docker-compose.yml', 'Procfile']);
  assert.deepEqual(Object.keys(setup.sections.processes as object).toSorted(), ['web', 'worker']);
  assert.deepEqual(setup.environment.database, { engine: 'postgres', version: '16' });
  assert.ok(setup.left.some(({ file, line }) => file === 'docker-compose.yml' && line === 5), JSON.stringify(setup.left));
});

test('a repository without such files gives nothing, and one that cannot be understood is told', { timeout: 60_000 }, async () => {
  const none = await importSetup(join(folder, 'cache'), { repository: await repositoryWith('plain', { 'main.py': '' }) });
  assert.deepEqual(none, { files: [], framework: null, sections: {}, environment: {}, production: {}, left: [] });
  const broken = await repositoryWith('broken', { 'app.json': '{' });
  await assert.rejects(importSetup(join(folder, 'cache'), { repository: broken }), { code: 'CONFIG_INVALID' });
});
