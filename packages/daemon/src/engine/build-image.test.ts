import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { baseImage, testEngine } from '../../test/test-engine.ts';
import {
  buildImage, containerLogs, execInContainer, idleCommand, imageExists, importImage, listImages, pullImage, pruneBuildCache, removeContainer,
  removeImage, startContainer, tagImage, waitContainer, type BuildOptions,
} from './index.ts';
import { pack } from 'tar-stream';

const engine = testEngine('build');
let image: string;
let contextDirectory: string;

before(async () => {
  image = await baseImage(engine);
  contextDirectory = await mkdtemp(join(tmpdir(), 'redcontrol-test-build-'));
  await writeFile(join(contextDirectory, 'hello.txt'), 'hello');
});
after(() => rm(contextDirectory, { recursive: true, force: true }));

async function build(dockerfile: BuildOptions['dockerfile'], more: Partial<BuildOptions> = {}) {
  let said = '';
  const id = await buildImage(engine, {
    contextDirectory, dockerfile, tag: `${engine.instance}/app:1`, labels: { role: 'image', project: 'shop', release: 3 },
    onOutput: (chunk) => void (said += chunk.toString()), ...more,
  });
  return { id, said };
}

async function runOnce(imageId: string, command: string[]): Promise<string> {
  const { id } = await startContainer(engine, { name: `${engine.instance}-once`, image: imageId, command, labels: { role: 'run' } });
  await waitContainer(engine, id);
  const text = await containerLogs(engine, id, { lines: 100 });
  await removeContainer(engine, id);
  return text;
}

test('a Dockerfile given as text is built with arguments, labels and target; the same again gives the same image', async () => {
  const dockerfile = `FROM ${image} AS first\nARG WORD\nCOPY hello.txt /hello.txt\nRUN echo "$WORD" >> /hello.txt\nFROM first AS second\nRUN echo second >> /hello.txt\n`;
  const options = { buildArguments: { WORD: 'it\'s "$HOME"' }, target: 'first' };
  const { id } = await build(dockerfile, options);
  assert.match(id, /^sha256:[0-9a-f]{64}$/);
  assert.equal(await runOnce(id, ['cat', '/hello.txt']), 'helloit\'s "$HOME"\n');
  assert.equal(await imageExists(engine, `${engine.instance}/app:1`), id);
  const listed = await listImages(engine, { project: 'shop', release: 3 });
  assert.deepEqual(listed.map((each) => each.id), [id]);
  assert.deepEqual((await listImages(engine, { project: 'other' })), []);
  assert.equal((await build(dockerfile, options)).id, id);
});

test('a Dockerfile in the context is built; one outside of it is refused', async () => {
  await writeFile(join(contextDirectory, 'own.Dockerfile'), `FROM ${image}\nCMD ["echo", "own"]\n`);
  const { id } = await build({ path: 'own.Dockerfile' });
  assert.equal(await runOnce(id, ['echo', 'x']), 'x\n');
  await assert.rejects(build({ path: '../own.Dockerfile' }), { code: 'BUILD_FAILED' });
});

test('a secret reaches the step that mounts it, and neither the image nor the output', async () => {
  const secret = 'multi\nline "quoted" $secret';
  const { id, said } = await build(`FROM ${image}\nRUN --mount=type=secret,id=TOKEN wc -c < /run/secrets/TOKEN > /size\n`, { secrets: { TOKEN: secret } });
  assert.equal((await runOnce(id, ['cat', '/size'])).trim(), String(Buffer.byteLength(secret)));
  assert.equal(await runOnce(id, ['sh', '-c', 'ls /run/secrets 2>/dev/null | grep -c . || true']), '0\n');
  const history = JSON.stringify(await engine.docker.getImage(id).history());
  assert.ok(!history.includes('quoted') && !said.includes('quoted'));
});

test('no byte of a saved image, of any layer or of its history, is of a secret that all its stages used', async () => {
  const secret = `npm_${randomBytes(16).toString('hex')}`;
  const use = 'RUN --mount=type=secret,id=TOKEN,uid=10001 export TOKEN="$(cat /run/secrets/TOKEN)" && test "${#TOKEN}" = 36 && echo used by';
  const { id, said } = await build(`FROM ${image} AS first\n${use} the-first-stage > /first\nFROM first\nARG PAINT\n${use} "$PAINT" > /second\n`, { secrets: { TOKEN: secret }, buildArguments: { PAINT: 'the-argument' } });
  // Layers are saved as plain archives: what is in a file is in these bytes.
  const bytes = await buffer(await engine.docker.getImage(id).get());
  const found = (text: string) => bytes.includes(text) || said.includes(text);
  assert.deepEqual([found('used by the-first-stage'), found('used by the-argument')], [true, true]);
  for (const form of [secret, secret.slice(4, 24), Buffer.from(secret).toString('base64').slice(0, 40), Buffer.from(secret).toString('hex')]) assert.equal(found(form), false, form);
  assert.ok(!JSON.stringify([await engine.docker.getImage(id).history(), await engine.docker.getImage(id).inspect()]).includes(secret));
});

test('ignore patterns add to the context\'s own; a link as .dockerignore is not followed', async () => {
  await writeFile(join(contextDirectory, 'secret.env'), 'x');
  await writeFile(join(contextDirectory, 'notes.md'), 'x');
  await writeFile(join(contextDirectory, '.dockerignore'), '*.md\n');
  const dockerfile = `FROM ${image}\nCOPY . /all/\nRUN ls /all > /list\n`;
  const both = await build(dockerfile, { ignore: ['*.env'] });
  const list = await runOnce(both.id, ['cat', '/list']);
  assert.ok(list.includes('hello.txt') && !list.includes('secret.env') && !list.includes('notes.md'), list);
  await rm(join(contextDirectory, '.dockerignore'));
  await symlink('/etc/passwd', join(contextDirectory, '.dockerignore'));
  const linked = await runOnce((await build(dockerfile, { ignore: ['*.env'] })).id, ['cat', '/list']);
  assert.ok(linked.includes('notes.md') && !linked.includes('secret.env'), linked);
  await rm(join(contextDirectory, '.dockerignore'));
});

test('a failing build tells the end of its output', async () => {
  await assert.rejects(build(`FROM ${image}\nRUN echo the-reason-why && exit 9\n`), (error: { code: string; message: string }) =>
    error.code === 'BUILD_FAILED' && error.message.includes('the-reason-why'));
  await assert.rejects(build(`FROM ${image}\nNONSENSE\n`), { code: 'BUILD_FAILED' });
});

test('cancelling and a timeout end the build and its steps', async () => {
  const marker = `sleep 98${process.pid}`;
  const stop = new AbortController();
  const cancelled = build(`FROM ${image}\nRUN echo begun; ${marker}\n`, {
    noCache: true, signal: stop.signal,
    onOutput: (chunk) => { if (/\d begun/.test(chunk.toString())) stop.abort(); },
  });
  await assert.rejects(cancelled, { code: 'CANCELLED' });
  await assert.rejects(build(`FROM ${image}\nRUN ${marker}\n`, { noCache: true, timeoutMs: 1500 }), (error: { code: string; message: string }) =>
    error.code === 'BUILD_FAILED' && error.message.includes('1500 ms'));
  await waitUntilGone(marker);
});

/** Processes of build steps are this machine's own: they can be looked for in /proc. */
async function waitUntilGone(command: string): Promise<void> {
  for (let tries = 0; tries < 50; tries++) {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    if (!lines.some((line) => line.replaceAll('\0', ' ').trim() === command)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`still running: ${command}`);
}

test('an image in use is not removed; a tag goes and then the image', async () => {
  const { id } = await build(`FROM ${image}\nRUN echo ${engine.instance} > /unique\n`);
  const second = `${engine.instance}/other:2`;
  await tagImage(engine, id, second);
  assert.equal(await imageExists(engine, second), id);
  const container = await startContainer(engine, { name: `${engine.instance}-user`, image: id, command: [...idleCommand], labels: { role: 'run' } });
  assert.equal(await removeImage(engine, id), false);
  assert.equal(await imageExists(engine, id), id);
  await removeContainer(engine, container.id);
  assert.equal(await removeImage(engine, id), true);
  assert.equal(await imageExists(engine, second), undefined);
  assert.equal(await removeImage(engine, id), true);
});

test('a tar becomes an image with the configuration that is asked for', async () => {
  const tar = pack();
  tar.entry({ name: 'file.txt' }, 'imported');
  tar.finalize();
  const tag = `${engine.instance}/imported:1`;
  const variables = { A: 'plain', B: 'with "quotes", a $dollar and a \\ backslash' };
  const id = await importImage(engine, tar, tag, { labels: { role: 'image' }, variables, user: '10001', entrypoint: ['/run me'], command: ['a b', 'c'], exposedPorts: [80] });
  const { Config } = await engine.docker.getImage(tag).inspect();
  assert.equal((await engine.docker.getImage(tag).inspect()).Id, id);
  assert.deepEqual(Config.Env, Object.entries(variables).map(([key, value]) => `${key}=${value}`));
  assert.deepEqual([Config.User, Config.Entrypoint, Config.Cmd], ['10001', ['/run me'], ['a b', 'c']]);
  assert.equal(Config.Labels?.['redcontrol'], engine.instance);
});

test('a registry that does not answer is IMAGE_UNAVAILABLE; the build cache can be pruned', async () => {
  await assert.rejects(pullImage(engine, '127.0.0.1:9/none/such:1', () => {}), { code: 'IMAGE_UNAVAILABLE' });
  assert.ok((await pruneBuildCache(engine, 500 * 1024 ** 3)) >= 0);
});

test('a build step gets neither the engine\'s socket nor the host\'s network', async () => {
  const { id } = await build(`FROM ${image}\nRUN ls /var/run/docker.sock > /seen 2>&1; grep -c : /proc/net/dev >> /seen; true\n`, { noCache: true });
  const seen = await runOnce(id, ['cat', '/seen']);
  assert.match(seen, /No such file/);
  await assert.rejects(build(`FROM ${image}\nRUN --network=host true\n`, { noCache: true }), { code: 'BUILD_FAILED' });
  assert.equal(await sawOnlyItsOwnNetwork(id), true);
});

/** The step saw a loopback and one interface of its own: two, whatever the machine has. */
async function sawOnlyItsOwnNetwork(imageId: string): Promise<boolean> {
  const { id } = await startContainer(engine, { name: `${engine.instance}-seen`, image: imageId, command: [...idleCommand], labels: { role: 'run' } });
  let text = '';
  await execInContainer(engine, { container: id, command: ['tail', '-n', '1', '/seen'], onOutput: (chunk) => void (text += chunk.toString()) });
  await removeContainer(engine, id);
  return text.trim() === '2';
}
