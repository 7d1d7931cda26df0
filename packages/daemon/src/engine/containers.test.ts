import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { before, test } from 'node:test';
import { baseImage, testEngine } from '../../test/test-engine.ts';
import {
  containerLogs, containerStats, ensureNetwork, ensureVolume, execInContainer, followContainerLogs, getArchive, idleCommand, inspectContainer,
  killContainer, listContainers, openEngine, putArchive, removeContainer, removeNetwork, removeVolume, startContainer, stopContainer,
  volumeSizeBytes, waitContainer, type ContainerSpec,
} from './index.ts';
import { pack } from 'tar-stream';

const engine = testEngine('containers');
let image: string;
before(async () => {
  image = await baseImage(engine);
});

const named = (name: string, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name: `${engine.instance}-${name}`, image, command: [...idleCommand], labels: { role: 'run', name }, ...more,
});

async function outputOf(container: string, command: string[], user?: string): Promise<string> {
  const chunks: Buffer[] = [];
  const result = await execInContainer(engine, { container, command, ...(user ? { user } : {}), onOutput: (chunk) => void chunks.push(Buffer.from(chunk)) });
  assert.equal(result.outcome, 'exited');
  return Buffer.concat(chunks).toString('utf8');
}

test('a container runs with no capabilities, its limits, labels, variables and network', async () => {
  const network = `${engine.instance}-net`;
  await ensureNetwork(engine, network, { role: 'network' });
  await ensureNetwork(engine, network, { role: 'network' });
  const { id } = await startContainer(engine, named('limits', {
    user: '10001', variables: { GREETING: 'a "quoted" $value\nand a line' }, network, aliases: ['friend'],
    memoryBytes: 64 * 1024 * 1024, cpus: 0.5, pidsLimit: 50, cpuShares: 256, readOnlyRoot: true,
    mounts: [{ kind: 'tmpfs', target: '/scratch', sizeBytes: 1024 * 1024 }],
    labels: { role: 'service', project: 'shop', run: 7 },
  }));
  const state = await inspectContainer(engine, id);
  assert.equal(state?.running, true);
  assert.equal(state.labels['redcontrol'], engine.instance);
  assert.equal(state.labels['redcontrol.run'], '7');
  assert.match(state.addresses[network] ?? '', /^\d+\.\d+\.\d+\.\d+$/);
  assert.match(await outputOf(id, ['grep', 'CapBnd', '/proc/self/status']), /0000000000000000/);
  assert.match(await outputOf(id, ['grep', 'NoNewPrivs', '/proc/self/status']), /1/);
  assert.equal(await outputOf(id, ['printenv', 'GREETING']), 'a "quoted" $value\nand a line\n');
  assert.match(await outputOf(id, ['getent', 'hosts', 'friend']), new RegExp(state.addresses[network]!));
  assert.equal(await outputOf(id, ['sh', '-c', 'touch /no 2>/dev/null || echo refused']), 'refused\n');
  assert.equal(await outputOf(id, ['sh', '-c', 'head -c 2000000 /dev/zero > /scratch/full 2>/dev/null || echo full']), 'full\n');
  const stats = await containerStats(engine, id);
  assert.equal(stats.memoryLimitBytes, 64 * 1024 * 1024);
  assert.ok(stats.processes >= 1);
  await assert.rejects(removeNetwork(engine, network), { code: 'CONFLICT' });
  await removeContainer(engine, id);
  await removeNetwork(engine, network);
  await removeNetwork(engine, network);
  assert.equal(await inspectContainer(engine, id), undefined);
});

test('a name in use by a running container is a conflict; one that ended is replaced', async () => {
  const first = await startContainer(engine, named('name'));
  await assert.rejects(startContainer(engine, named('name')), { code: 'CONFLICT' });
  await killContainer(engine, first.id);
  await waitContainer(engine, first.id);
  const second = await startContainer(engine, named('name'));
  assert.notEqual(second.id, first.id);
  await removeContainer(engine, second.id);
});

test('a container of another instance is neither replaced nor listed', async () => {
  const other = openEngine({ instance: `${engine.instance}-other` });
  const { id } = await startContainer(other, named('foreign', { command: ['true'] }));
  try {
    await waitContainer(other, id);
    await assert.rejects(startContainer(engine, named('foreign')), { code: 'CONFLICT' });
    assert.deepEqual((await listContainers(engine)).filter((each) => each.id === id), []);
    assert.deepEqual((await listContainers(other)).map((each) => each.id), [id]);
  } finally {
    await removeContainer(other, id);
  }
});

test('a missing image and a command that cannot start leave nothing behind', async () => {
  await assert.rejects(startContainer(engine, named('no-image', { image: 'redcontrol/none:1' })), { code: 'IMAGE_UNAVAILABLE' });
  await assert.rejects(startContainer(engine, named('no-command', { command: ['/no/such/program'] })));
  assert.equal(await inspectContainer(engine, `${engine.instance}-no-command`), undefined);
});

test('stop sends the signal and kills after the time; ended and gone ones are silent', async () => {
  const polite = await startContainer(engine, named('polite', { command: ['sh', '-c', 'trap "exit 7" USR1; echo ready; while :; do sleep 0.1; done'] }));
  // A first process without a handler is not ended by a signal.
  while (!(await containerLogs(engine, polite.id, { lines: 1 })).includes('ready')) await delay(20);
  await stopContainer(engine, polite.id, { signal: 'SIGUSR1', timeoutMs: 10_000 });
  assert.equal((await inspectContainer(engine, polite.id))?.exitCode, 7);
  await stopContainer(engine, polite.id, { timeoutMs: 1000 });
  const deaf = await startContainer(engine, named('deaf', { command: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done'] }));
  await stopContainer(engine, deaf.id, { signal: 'SIGTERM', timeoutMs: 300 });
  assert.equal((await inspectContainer(engine, deaf.id))?.exitCode, 137);
  await removeContainer(engine, deaf.id);
  await removeContainer(engine, deaf.id);
  await stopContainer(engine, deaf.id, { timeoutMs: 1000 });
  await killContainer(engine, deaf.id);
  await removeContainer(engine, polite.id);
});

test('logs hold both streams, follow until the end, and wait tells the exit code', async () => {
  const { id } = await startContainer(engine, named('logs', { command: ['sh', '-c', 'sleep 0.5; for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.05; done; exit 5'] }));
  let followed = '';
  await followContainerLogs(engine, id, { lines: 10, onOutput: (chunk) => void (followed += chunk.toString()) });
  assert.equal(await waitContainer(engine, id), 5);
  assert.deepEqual(followed.trim().split('\n').sort(), ['err 1', 'err 2', 'err 3', 'out 1', 'out 2', 'out 3']);
  assert.equal((await containerLogs(engine, id, { lines: 2 })).trim().split('\n').length, 2);
  await removeContainer(engine, id);
  await assert.rejects(waitContainer(engine, id), { code: 'NOT_FOUND' });
});

test('waiting and following end when their signal fires', async () => {
  const { id } = await startContainer(engine, named('abort'));
  const stop = new AbortController();
  const waiting = assert.rejects(waitContainer(engine, id, stop.signal), { code: 'CANCELLED' });
  const following = followContainerLogs(engine, id, { onOutput: () => {}, signal: stop.signal });
  setTimeout(() => stop.abort(), 100);
  await Promise.all([waiting, following]);
  await removeContainer(engine, id);
});

test('a volume keeps its data over containers and tells its size', async () => {
  const volume = `${engine.instance}-data`;
  await ensureVolume(engine, volume, { role: 'volume' });
  await ensureVolume(engine, volume, { role: 'volume' });
  const mounts = [{ kind: 'volume' as const, source: volume, target: '/data' }];
  const writer = await startContainer(engine, named('writer', { mounts }));
  await outputOf(writer.id, ['sh', '-c', 'head -c 300000 /dev/urandom > /data/file']);
  await assert.rejects(removeVolume(engine, volume), { code: 'CONFLICT' });
  await removeContainer(engine, writer.id);
  const reader = await startContainer(engine, named('reader', { mounts }));
  assert.equal(await outputOf(reader.id, ['stat', '-c', '%s', '/data/file']), '300000\n');
  await removeContainer(engine, reader.id);
  assert.ok((await volumeSizeBytes(engine, volume)) >= 300_000);
  await removeVolume(engine, volume);
  await removeVolume(engine, volume);
  await assert.rejects(volumeSizeBytes(engine, volume), { code: 'NOT_FOUND' });
});

test('files go into a container and come out as tar', async () => {
  const { id } = await startContainer(engine, named('archive'));
  const tar = pack();
  tar.entry({ name: 'hello.txt', uid: 10001, gid: 10001 }, 'hi there');
  tar.finalize();
  await putArchive(engine, id, '/tmp', tar);
  assert.equal(await outputOf(id, ['sh', '-c', 'cat /tmp/hello.txt; stat -c " %u" /tmp/hello.txt']), 'hi there 10001\n');
  const chunks: Buffer[] = [];
  for await (const chunk of await getArchive(engine, id, '/tmp/hello.txt')) chunks.push(chunk as Buffer);
  assert.ok(Buffer.concat(chunks).includes('hi there'));
  await assert.rejects(getArchive(engine, id, '/no/such/file'), { code: 'NOT_FOUND' });
  await removeContainer(engine, id);
});

test('a socket where nobody answers is ENGINE_UNAVAILABLE with a hint', async () => {
  const nobody = openEngine({ socketPath: '/nonexistent/docker.sock', instance: 'test-nobody' });
  await assert.rejects(listContainers(nobody), (error: { code: string; hint: string }) => error.code === 'ENGINE_UNAVAILABLE' && error.hint.includes('/nonexistent/docker.sock'));
});
