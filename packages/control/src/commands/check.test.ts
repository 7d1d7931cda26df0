import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runTestCli } from '../cli/test-cli.ts';

const config = `project: shop
repository: https://git.example.com/acme/shop.git
servers: { main: { host: 203.0.113.10 } }
jobs: { report: { cron: "0 3 * * *", run: "true" } }
environments:
  test: { deploy: { branch: main }, database: { engine: sqlite } }
`;

test('check names the keys that this version does not carry out, and is content', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-check-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'redcontrol.yml'), config);
  const shown = await runTestCli(['check'], { folder });
  assert.equal(shown.code, 0);
  assert.deepEqual(shown.stdout.split('\n').filter((line) => line.startsWith('! ')).map((line) => line.split(':', 1)[0]), ['! environments.test.database.engine']);
  const { notYetUsed } = JSON.parse((await runTestCli(['check', '--json'], { folder })).stdout);
  assert.deepEqual(notYetUsed.map(({ path }: { path: unknown }) => path), [['environments', 'test', 'database', 'engine']]);
});
