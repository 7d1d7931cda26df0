import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { baseImage, testEngine } from '../../test/test-engine.ts';
import { createContainerWatch, inspectContainer, openGroup, startContainer, stopContainer } from './index.ts';

const engine = testEngine('watch');
let image: string;
before(async () => {
  image = await baseImage(engine);
});

test('a container that was started again between two looks is seen with its new count, one that was not is not asked for', async () => {
  const start = (name: string, command: string[]) => startContainer(engine, { name: `${engine.instance}-${name}`, image, command, labels: { role: 'process', name }, restart: 'unless-stopped' });
  const [steady, falls] = [await start('steady', ['sleep', '300']), await start('falls', ['sh', '-c', 'sleep 1; exit 3'])];
  const watch = createContainerWatch(engine);
  const stateOf = (states: Awaited<ReturnType<typeof watch.look>>, id: string) => states.find((one) => one.id === id)!;
  const first = await watch.look();
  assert.deepEqual(first.map(({ id }) => id).toSorted(), [steady.id, falls.id].toSorted());
  while ((await inspectContainer(engine, falls.id))!.restartCount < 2) await delay(50);
  const second = await watch.look();
  assert.ok(stateOf(second, falls.id).restartCount >= 2);
  assert.equal(stateOf(second, steady.id), stateOf(first, steady.id), 'the same object: it was not inspected again');
  await stopContainer(engine, steady.id, { timeoutMs: 0 });
  assert.equal(stateOf(await watch.look(), steady.id).running, false);
  await stopContainer(engine, falls.id, { timeoutMs: 0 });
  const ended = await watch.look();
  assert.equal(stateOf(await watch.look(), falls.id), stateOf(ended, falls.id));
});

test('the cgroup of a real container tells its memory, limit, processor time and network', async () => {
  const { id } = await startContainer(engine, { name: `${engine.instance}-busy`, image, command: ['sh', '-c', 'while :; do :; done'], labels: { role: 'process', name: 'busy' }, memoryBytes: 96 * 1024 ** 2, cpus: 0.5 });
  const { pid } = (await inspectContainer(engine, id))!;
  const group = openGroup(pid)!;
  const [first, startedAt] = [group.read()!, performance.now()];
  await delay(1000);
  const second = group.read()!;
  const cpus = (second.cpuNanoseconds - first.cpuNanoseconds) / ((performance.now() - startedAt) * 1e6);
  assert.equal(first.memoryLimitBytes, 96 * 1024 ** 2);
  assert.ok(second.memoryBytes > 50_000 && second.memoryBytes < 96 * 1024 ** 2, `${second.memoryBytes}`);
  assert.ok(cpus > 0.01 && cpus < 0.8, `${cpus} of at most 0.5 processors`);
  assert.ok(second.processes >= 1 && second.receivedBytes >= 0);
  await stopContainer(engine, id, { timeoutMs: 0 });
  assert.equal(group.read(), undefined, 'gone with its process');
});
