import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { listContainers, openEngine } from '@redcontrol/daemon';
import type { RunDetails, RunRecord } from '@redcontrol/contract';
import { stringify } from 'yaml';
import { sampleApp } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';
import type { TestRepository } from '../world/repository.ts';

const secret = 'S3cr3t/value+with=signs';
const multiLine = 'first-line-of-key\nsecond-line-of-key\n';
let world: World;
let origin: TestRepository;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', sampleApp('v1', { 'case.sh': 'true\n' }));
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' },
      limits: { memory: '256M', pids: 200 }, pipeline: [{ name: 'case', run: 'sh case.sh', timeout: '15s', secrets: ['TOKEN', 'KEY'] }],
      environments: { production: { deploy: { branch: 'deploys' }, port: await world.freePort(), watch: '1s', drain: '1s', secrets: ['TOKEN', 'KEY'] } },
    }),
  });
  await world.call('secret.set', { project: 'shop', environment: 'production', name: 'TOKEN', value: secret });
  await world.call('secret.set', { project: 'shop', environment: 'production', name: 'KEY', value: multiLine });
});
after(() => world.close());

async function runCase(script: string, branch = 'case'): Promise<{ run: RunRecord; details: RunDetails; log: string }> {
  const run = await world.verdict('shop', await origin.push({ 'case.sh': script }, { branch }));
  const details = await world.call('run.show', { run: run.id });
  const step = details.steps.find((one) => one.name === 'case');
  const { data } = step ? await world.call('log.read', { run: run.id, step: step.index, offset: 0, limit: 1_048_576 }) : { data: '' };
  return { run, details, log: Buffer.from(data, 'base64').toString() };
}

async function assertNothingRuns(): Promise<void> {
  const engine = openEngine({ instance: world.instance });
  // The verdict is told first, then the place is taken away.
  for (let attempt = 0; ; attempt += 1) {
    const left = (await listContainers(engine, { role: 'run' })).map((container) => container.name);
    if (left.length === 0) return;
    assert.ok(attempt < 150, `still there: ${left.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('a step that never ends is stopped at its timeout with all that it started', async () => {
  const { run } = await runCase('sleep 1000 &\nsetsid sleep 1001 &\nsleep 1002\n');
  assert.equal(run.error?.code, 'STEP_TIMEOUT');
  await assertNothingRuns();
});

test('a fork bomb ends its own run and the daemon goes on', async () => {
  const { run } = await runCase('bomb() { bomb | bomb & }\nbomb\nsleep 30\n');
  assert.equal(run.status, 'failed');
  await assertNothingRuns();
  assert.equal((await world.call('project.show', { project: 'shop' })).name, 'shop');
});

test('a memory hog is killed at the limit', async () => {
  const { run, details } = await runCase('node -e "const all = []; for (;;) all.push(Buffer.alloc(16 * 1024 * 1024, 1))"\n');
  assert.equal(run.error?.code, 'STEP_FAILED');
  assert.notEqual(details.steps.find((step) => step.name === 'case')?.exitCode, 0);
});

test('a flood of output is cut with a line that says so, and its length and checksum are told', async () => {
  const { run, details } = await runCase('yes 0123456789abcdef | head -c 80000000\n');
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const step = details.steps.find((one) => one.name === 'case')!;
  assert.ok(step.logBytes > 50 * 1024 ** 2 && step.logBytes < 51 * 1024 ** 2, String(step.logBytes));
  assert.match(step.logSha256 ?? '', /^[0-9a-f]{64}$/);
  const end = await world.call('log.read', { run: run.id, step: step.index, offset: step.logBytes - 300 });
  assert.match(Buffer.from(end.data, 'base64').toString(), /\[redcontrol\]/);
});

test('secrets are given to a deploying run and masked however they are printed', async () => {
  const script = `
echo "raw $TOKEN"
printf %s "$TOKEN" | head -c 9; sleep 0.4; printf %s "$TOKEN" | tail -c +10; echo
printf %s "$TOKEN" | base64
printf %s "user:$TOKEN" | base64
node -e "console.log(encodeURIComponent(process.env.TOKEN), JSON.stringify(process.env.KEY), Buffer.from(process.env.TOKEN).toString('hex'))"
echo "$KEY"
test -n "$TOKEN"
`;
  const { run, log } = await runCase(script, 'deploys');
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
  const forms = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret), Buffer.from(secret).toString('hex'), 'first-line-of-key', 'second-line-of-key', Buffer.from(secret).toString('base64').slice(4, 20)];
  for (const form of forms) assert.ok(!log.includes(form), `${form} stands in the log:\n${log}`);
  assert.match(log, /raw \*\*\*/);
});

test('a run that deploys nowhere gets no secret', async () => {
  const { run } = await runCase('test -z "$TOKEN" && test -z "$KEY"\n');
  assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
});

test('a cancelled run stops at once with the whole tree', async () => {
  const commit = await origin.push({ 'case.sh': 'echo begun\nsetsid sleep 1000 & sleep 1000\n' }, { branch: 'case' });
  for (;;) {
    const [run] = (await world.call('run.list', { project: 'shop', limit: 1 })).filter((one) => one.commit === commit && one.status === 'running');
    if (run) {
      await world.call('run.cancel', { run: run.id });
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal((await world.verdict('shop', commit)).status, 'cancelled');
  await assertNothingRuns();
});

test('links out of the tree show a step nothing of the server', async () => {
  const outside = join(world.directory, 'outside.txt');
  await writeFile(outside, 'only for the server', { mode: 0o644 });
  await origin.git('checkout', '--quiet', 'case');
  await symlink(outside, join(origin.workDirectory, 'link.txt'));
  const { run, log } = await runCase('cat link.txt || echo nothing\nls /var/run/docker.sock /run/redcontrol 2>&1 || true\n');
  assert.equal(run.status, 'succeeded');
  assert.doesNotMatch(log, /only for the server/);
  assert.match(log, /nothing/);
});

test('hostile branch and tag names do what a name does', async () => {
  const marker = join(world.directory, 'made-by-a-name');
  for (const name of [`$(touch${'${IFS}'}${marker})`, '`id`', 'a;b', 'x&&y', 'дела/ветка', "quote'd"]) {
    const commit = await origin.push({ 'case.sh': 'true\n', 'name.txt': name }, { branch: name });
    assert.equal((await world.verdict('shop', commit)).status, 'succeeded', name);
  }
  assert.equal(existsSync(marker), false);
});
