import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startTestDaemon, type TestMethods } from '@redcontrol/client/test-daemon';
import { runTestCli } from '../cli/test-cli.ts';
import { environmentState, projectState, releaseRecord, runDetails, testNow } from './test-records.ts';

const configText = `project: shop
repository: git@git.example.com:acme/shop.git
servers: { main: { host: 203.0.113.10 } }
environments: { production: { deploy: { branch: main } } }
apps: { site: { root: site }, tasks: { root: tasks, processes: { worker: { run: "true" } } } }
`;

async function cli(t: TestContext, answers: TestMethods) {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-cli-'));
  await writeFile(join(folder, 'redcontrol.yml'), configText);
  const daemon = await startTestDaemon(join(folder, 'daemon.sock'), answers);
  t.after(async () => {
    await daemon.close();
    await rm(folder, { recursive: true });
  });
  return { run: (args: string[]) => runTestCli(['--socket', join(folder, 'daemon.sock'), '-c', 'redcontrol.yml', ...args], { folder, now: testNow }) };
}

test('several apps are shown with their state, what a release brought new, and why a run left one out', async (t) => {
  const apps = [
    { name: 'site', url: 'https://shop.example.com', health: 'up' as const, instances: 2, commit: '1a2b3c4d5e', release: 5 },
    { name: 'tasks', url: null, health: 'stopped' as const, instances: 0, commit: '9f8e7d6c5b', release: 7 },
  ];
  const { run } = await cli(t, {
    'project.show': () => projectState({ environments: [environmentState({ apps })] }),
    'release.list': () => [releaseRecord({ apps: apps.map(({ name, commit, release }) => ({ name, commit, release, imageId: 'sha256:abc' })) })],
    'run.show': () => runDetails({ apps: [
      { name: 'site', concerned: false, reason: 'unchanged', detail: '1a2b3c4d', text: 'site: none of its files changed since 1a2b3c4d, it is left as it is.' },
      { name: 'tasks', concerned: true, reason: 'changed', detail: 'tasks/\u001b[2Jx', text: 'tasks: tasks/\u001b[2Jx changed.' },
    ] }),
  });
  assert.match((await run(['status'])).stdout, /APP +STATE +LIVE +INSTANCES +URL\nproduction\/site +● up +#5 1a2b3c4 +2 +https:\/\/shop\.example\.com\nproduction\/tasks +○ no web process +#7 9f8e7d6 +0 +–\n$/);
  assert.match((await run(['releases', '-e', 'production'])).stdout, /NEW IN IT.*\n.* tasks +Fix the cart/);
  assert.match((await run(['run', 'show', '12'])).stdout, /\n {2}– site: none of its files changed since 1a2b3c4d, it is left as it is\.\n {2}▶ tasks: tasks\/x changed\.\n/);
  const json = JSON.parse((await run(['run', 'show', '12', '--json'])).stdout) as { apps: { concerned: boolean }[] };
  assert.deepEqual(json.apps.map(({ concerned }) => concerned), [false, true]);
});

test('processes of apps are offered by the name that commands take', async (t) => {
  const { run } = await cli(t, {});
  const { stdout } = await run(['complete', '--', 'app', 'logs', '--process', '']);
  assert.deepEqual(stdout.split('\n').map((line) => line.split('\t')[0]).filter(Boolean), ['site.web', 'tasks.worker']);
});
