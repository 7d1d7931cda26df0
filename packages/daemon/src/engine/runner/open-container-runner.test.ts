import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { baseImage, testEngine } from '../../../test/test-engine.ts';
import { idleCommand, inspectContainer, killContainer, openContainerRunner, startContainer, type ContainerSpec } from '../index.ts';

const engine = testEngine('runner');
const user = '10001:10001';
let image: string;

before(async () => {
  image = await baseImage(engine);
});

async function idle(name: string, more: Partial<ContainerSpec> = {}): Promise<string> {
  const { id } = await startContainer(engine, { name: `${engine.instance}-${name}`, image, command: [...idleCommand], user, pidsLimit: 100, labels: { role: 'run' }, ...more });
  return id;
}

test('commands run in the container as the user that was asked for, and end with it', async () => {
  const container = await idle('plain');
  const runner = await openContainerRunner(engine, { container, user, workingDir: '/tmp' });
  assert.ok(runner);
  let said = '';
  const onOutput = (chunk: Buffer) => void (said += chunk.toString());
  assert.equal(await runner.run({ command: ['sh', '-c', 'id -u; pwd; hostname; exit 3'], workingDir: '/tmp', onOutput }), 3);
  assert.equal(said, `10001\n/tmp\n${container.slice(0, 12)}\n`);

  const endless = runner.run({ command: ['sleep', '1000'], onOutput });
  await killContainer(engine, container);
  assert.equal(await endless, 137);
  assert.equal(runner.run({ command: ['true'], onOutput }), undefined, 'the engine says what has become of the container');
});

test('an image that cannot hold a runner goes without', async () => {
  const container = await idle('bare', { mounts: [{ kind: 'bind', source: '/dev/null', target: '/usr/bin/setsid' }] });
  assert.equal(await openContainerRunner(engine, { container, user, workingDir: '/tmp' }), undefined);
  assert.equal((await inspectContainer(engine, container))?.running, true);
});
