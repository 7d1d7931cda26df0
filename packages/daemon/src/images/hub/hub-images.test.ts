import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { baseImage, testEngine } from '../../../test/test-engine.ts';
import { buildImage, containerLogs, imageExists, inspectContainer, removeImage, startContainer, tagImage, waitContainer } from '../../engine/index.ts';
import { createImages } from '../create-images.ts';

const engine = testEngine('hub');
let mirror: string;
let workDirectory: string;
const tags: string[] = [];

/** A registry on loopback that stands for a mirror of Docker Hub; a small Debian stands for the official images. */
before(async () => {
  workDirectory = await mkdtemp(join(tmpdir(), 'redcontrol-test-hub-'));
  const base = await baseImage(engine);
  const tag = `${engine.instance}/registry:1`;
  const config = 'version: 0.1\\nstorage:\\n  filesystem:\\n    rootdirectory: /tmp/registry\\nhttp:\\n  addr: :5000\\n';
  const dockerfile = `FROM ${base}\nRUN apt-get update -q && apt-get install -y -q --no-install-recommends docker-registry && printf '${config}' > /registry.yml\nUSER 10001\nCMD ["docker-registry", "serve", "/registry.yml"]\n`;
  await buildImage(engine, { contextDirectory: workDirectory, dockerfile, tag, labels: { role: 'image' }, onOutput: () => {} });
  const { id } = await startContainer(engine, { name: `${engine.instance}-registry`, image: tag, labels: { role: 'service' }, publish: [{ containerPort: 5000, hostAddress: '127.0.0.1' }] });
  mirror = (await inspectContainer(engine, id))!.published['5000/tcp']![0]!;
  await answering(`http://${mirror}/v2/`);
  const { Parent } = await engine.docker.getImage(base).inspect();
  const plain = Parent || (await plainDebian());
  for (const name of ['debian:bookworm-slim', 'python:3.11-slim-bookworm', 'postgres:17-bookworm', 'nginx:stable-bookworm']) await publish(plain, `${mirror}/library/${name}`);
  await publish(plain, `${mirror}/acme/tool:2`);
});
after(async () => {
  for (const tag of tags) await removeImage(engine, tag);
  await rm(workDirectory, { recursive: true, force: true });
});

async function plainDebian(): Promise<string> {
  const listed = await engine.docker.listImages({ filters: { reference: ['redcontrol/debian:bookworm-*'] } });
  return listed[0]!.Id;
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await fetch(url).then((response) => response.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${url} does not answer`);
}

/** Pushes an image under a name and takes the name away here, so that it has to be pulled. */
async function publish(image: string, reference: string): Promise<void> {
  await tagImage(engine, image, reference);
  const stream = (await engine.docker.getImage(reference).push({ authconfig: { username: '', password: '', serveraddress: '' } })) as Readable;
  let said = '';
  for await (const chunk of stream) said += String(chunk);
  assert.ok(!said.includes('"error"'), said);
  await engine.docker.getImage(reference).remove();
}

test('auto takes a mirror that answers, says so once, and remembers it', async () => {
  let said = '';
  const images = createImages(engine, { source: 'auto', mirror, workDirectory });
  const reference = await images.ensure({ kind: 'postgres', version: '17' }, { onOutput: (chunk) => void (said += chunk.toString()) });
  tags.push(reference);
  assert.equal(reference, `${mirror}/library/postgres:17-bookworm`);
  assert.ok(await imageExists(engine, reference));
  assert.match(said, /^The mirror .* answers/);
  assert.equal(await images.source(), 'hub');
  const kept = JSON.parse(await readFile(join(workDirectory, 'image-source.json'), 'utf8')) as { source: string };
  assert.equal(kept.source, 'hub');
  let again = '';
  await createImages(engine, { source: 'auto', mirror, workDirectory }).ensure({ kind: 'postgres', version: '17' }, { onOutput: (chunk) => void (again += chunk.toString()) });
  assert.equal(again, '');
});

test('auto takes Debian where the mirror does not answer, and asks anew for another mirror', async () => {
  const nobody = createImages(engine, { source: 'auto', mirror: '127.0.0.1:9', workDirectory });
  assert.equal(await nobody.source(), 'debian');
  assert.equal(await createImages(engine, { source: 'auto', mirror, workDirectory }).source(), 'hub');
});

test('an official image gets the app\'s user, the server\'s certificates and what the other source has too', async () => {
  const images = createImages(engine, { source: 'hub', mirror, workDirectory });
  const reference = await images.ensure({ kind: 'python', version: '3.11', slim: true });
  tags.push(reference, `${mirror}/library/python:3.11-slim-bookworm`);
  const { id } = await startContainer(engine, { name: `${engine.instance}-layer`, image: reference, user: '10001', command: ['sh', '-c', 'id -un; echo ~; ls /usr/lib/*/libpq.so.5; grep -c BEGIN /etc/ssl/certs/ca-certificates.crt'], labels: { role: 'run' } });
  assert.equal(await waitContainer(engine, id), 0);
  assert.match(await containerLogs(engine, id, { lines: 9 }), /^app\n\/home\/app\n.*libpq\.so\.5\n\d{3}\n$/);
  assert.equal(await images.ensure({ kind: 'python', version: '3.11', slim: true }), reference);
});

test('the static server is the same on an official image', async () => {
  const images = createImages(engine, { source: 'hub', mirror, workDirectory });
  const reference = await images.ensure({ kind: 'static' });
  tags.push(reference, `${mirror}/library/nginx:stable-bookworm`);
  const { Config } = await engine.docker.getImage(reference).inspect();
  assert.deepEqual([Config.User, Config.Cmd, Config.WorkingDir], ['10001:10001', ['/usr/local/bin/serve-static'], '/srv/www']);
});

test('a step\'s image is pulled as it is named; what is not there says which versions are known', async () => {
  const images = createImages(engine, { source: 'hub', mirror, workDirectory });
  const reference = await images.forImageText('acme/tool:2');
  tags.push(reference);
  assert.equal(reference, `${mirror}/acme/tool:2`);
  await assert.rejects(images.forImageText('acme/tool:3'), { code: 'IMAGE_UNAVAILABLE' });
  await assert.rejects(images.ensure({ kind: 'postgres', version: '9' }), (error: { code: string; hint: string }) => error.code === 'IMAGE_UNAVAILABLE' && error.hint.includes('17'));
});
