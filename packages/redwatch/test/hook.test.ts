import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createRepository, type TestRepository } from '../../../test/world/repository.ts';
import { withRedwatch } from '../src/hook/hook-text.ts';

let folder: string;
let origin: TestRepository;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redwatch-hook-'));
  origin = await createRepository(folder, { 'a.txt': 'a' });
});
after(() => rm(folder, { recursive: true, force: true }));

async function hookWith(command: string[], existing?: string): Promise<void> {
  const path = join(origin.workDirectory, '.git/hooks/pre-push');
  await writeFile(path, withRedwatch(existing, command)!);
  await chmod(path, 0o755);
}

test('a push does not wait for it', async () => {
  const [release, done] = [join(folder, 'release'), join(folder, 'done')];
  await hookWith(['sh', '-c', `while ! test -e '${release}'; do sleep 0.05; done; touch '${done}'`]);
  // Were it waited for, this would never end: what it waits for is made only afterwards.
  await origin.push({ 'a.txt': 'b' });
  assert.equal(existsSync(done), false);
  await writeFile(release, '');
  while (!existsSync(done)) await delay(20);
});

test('a push does not fail with it, and the hook that was there still sees its input', async () => {
  await hookWith(['/nowhere/redwatch'], `#!/bin/sh\ncat > '${join(folder, 'input')}'\n`);
  const commit = await origin.push({ 'a.txt': 'c' });
  assert.equal(await origin.git('rev-parse', 'origin/main'), commit);
  assert.equal(existsSync(join(folder, 'input')), true);
});

test('a hook that refuses the push still does', async () => {
  await hookWith(['true'], '#!/bin/sh\nexit 1\n');
  await assert.rejects(origin.push({ 'a.txt': 'd' }));
});
