import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageNeed } from '@redcontrol/presets';
import { testEngine, testImages } from '../../../test/test-engine.ts';
import { ensureVolume, execInContainer, idleCommand, inspectContainer, removeContainer, startContainer } from '../../engine/index.ts';
import { addedBundle, serverTrust } from '../server-trust.ts';

const engine = testEngine('languages');
const images = testImages(engine);

/** What the app's user gets to hear from a shell in the image. */
async function answer(need: ImageNeed, script: string): Promise<string> {
  const image = await images.ensure(need);
  const { id } = await startContainer(engine, { name: `${engine.instance}-${need.kind}`, image, command: [...idleCommand], user: '10001', variables: { HOME: '/home/app' }, labels: { role: 'run' } });
  try {
    let text = '';
    const result = await execInContainer(engine, { container: id, command: ['sh', '-ec', script], onOutput: (chunk) => void (text += chunk.toString()), timeoutMs: 120_000 });
    assert.equal(result.exitCode, 0, text);
    return text;
  } finally {
    await removeContainer(engine, id);
  }
}

test('the app\'s user has a home of its own in every image', async () => {
  assert.equal(await answer({ kind: 'base', slim: true }, 'id -un; id -u; id -g; echo ~; touch ~/file && echo written; locale charmap 2>/dev/null || echo "$LANG"'), 'app\n10001\n10001\n/home/app\nwritten\nUTF-8\n');
});

test('images trust what the server\'s administrator added', async () => {
  const trust = await serverTrust();
  const bundle = await answer({ kind: 'base', slim: true }, `cat /etc/ssl/certs/ca-certificates.crt; cat ${addedBundle} 2>/dev/null || true; echo "$NODE_EXTRA_CA_CERTS"`);
  for (const certificate of trust) assert.equal(bundle.split(certificate.pem.trim()).length, 3, certificate.name);
  assert.equal(bundle.trim().endsWith(addedBundle), trust.length > 0);
});

test('node: the version asked for, npm and corepack; compilers only in the full one', async () => {
  assert.match(await answer({ kind: 'node', version: '22' }, 'node --version; npm --version; corepack --version; which python3 make g++ git'), /^v22\.\d+\.\d+\n10\.[^]*\/usr\/bin\/git\n$/);
  assert.match(await answer({ kind: 'node', version: '22', slim: true }, 'node --version; npx --version; which g++ || echo none'), /^v22\.[^]*none\n$/);
  await assert.rejects(images.ensure({ kind: 'node', version: '22.99.99' }), (error: { code: string; hint: string }) => error.code === 'IMAGE_UNAVAILABLE' && /\b22\b/.test(error.hint));
});

test('python: venv and pip work for the app\'s user, also when the environment moves to the small image', async () => {
  const script = 'python --version; python3 -m venv /tmp/v; /tmp/v/bin/pip --version';
  assert.match(await answer({ kind: 'python', version: '3.11' }, `${script}; which gcc pg_config mariadb_config`), /^Python 3\.11\.[^]*python 3\.11[^]*pg_config/);
  assert.match(await answer({ kind: 'python', version: '3.11', slim: true }, script), /^Python 3\.11\./);
});

test('go compiles', async () => {
  const program = 'cd /tmp && printf \'package main\\nimport "fmt"\\nfunc main() { fmt.Println("from go") }\\n\' > m.go && go run m.go && go version && go env GOTOOLCHAIN GOPATH';
  assert.match(await answer({ kind: 'go' }, program), /^from go\ngo version go1\.24[^]*auto\n\/go\n$/);
});

test('rust compiles', async () => {
  assert.match(await answer({ kind: 'rust' }, 'cd /tmp && cargo new --vcs none hello -q && cd hello && cargo run -q && cargo --version'), /^Hello, world!\ncargo 1\.85/);
});

test('java: the version asked for, Maven in the full one, the server\'s certificates in its store', async () => {
  assert.match(await answer({ kind: 'java', version: '21' }, 'javac --version; mvn --version 2>&1'), /javac 21[^]*Java version: 21/);
  assert.match(await answer({ kind: 'java', version: '21', slim: true }, 'java --version; which mvn || echo none; test -s /etc/ssl/certs/java/cacerts && echo store'), /openjdk 21[^]*none\nstore\n$/);
});

test('php and ruby', async () => {
  const php = await answer({ kind: 'php' }, 'php --version; php -m; composer --version 2>/dev/null');
  assert.match(php, /^PHP 8\.4/);
  for (const extension of ['pdo_mysql', 'pdo_pgsql', 'pdo_sqlite', 'mbstring', 'intl', 'redis']) assert.match(php, new RegExp(`^${extension}$`, 'm'));
  assert.match(php, /Composer version/);
  assert.match(await answer({ kind: 'ruby' }, 'ruby --version; bundle --version; which gcc'), /^ruby 3\.3[^]*undler/);
});

test('static: serves files as the app\'s user on a read-only root, a single page only when told', async () => {
  const image = await images.ensure({ kind: 'static' });
  for (const singlePage of ['0', '1']) {
    await ensureVolume(engine, `${engine.instance}-site-${singlePage}`, { role: 'volume' });
    const { id } = await startContainer(engine, {
      name: `${engine.instance}-static-${singlePage}`, image, readOnlyRoot: true, labels: { role: 'web' },
      mounts: [{ kind: 'volume', source: `${engine.instance}-site-${singlePage}`, target: '/srv/www' }], variables: { SINGLE_PAGE: singlePage, PORT: '8080' },
    });
    const files = 'mkdir /srv/www/docs; echo home > /srv/www/index.html; echo about > /srv/www/about.html; echo docs > /srv/www/docs/index.html; echo hidden > /srv/www/.env';
    assert.equal((await execInContainer(engine, { container: id, command: ['sh', '-ec', files], onOutput: () => {} })).exitCode, 0);
    const address = Object.values((await inspectContainer(engine, id))!.addresses)[0];
    const get = async (path: string) => {
      const response = await fetch(`http://${address}:8080${path}`, { redirect: 'manual' });
      return `${response.status} ${(response.ok ? await response.text() : '').trim()}`.trim();
    };
    assert.equal(await get('/'), '200 home');
    assert.equal(await get('/docs/'), '200 docs');
    assert.equal(await get('/docs'), '301');
    assert.equal(await get('/.env'), '404');
    assert.equal(await get('/about'), singlePage === '1' ? '200 home' : '200 about');
    assert.equal(await get('/no/such'), singlePage === '1' ? '200 home' : '404');
    await removeContainer(engine, id);
  }
});

test('an image that a step names is mapped onto what there is, or refused with what there is', async () => {
  assert.equal(await images.forImageText('node:22-alpine'), await images.ensure({ kind: 'node', version: '22', slim: true }));
  const own = await images.ensure({ kind: 'base', slim: true });
  assert.equal(await images.forImageText(own), own);
  await assert.rejects(images.forImageText('acme/tool:1'), (error: { code: string; hint: string }) => error.code === 'IMAGE_UNAVAILABLE' && error.hint.includes('postgres'));
});

test('asking again costs no build', async () => {
  let said = '';
  const asked = await Promise.all([1, 2, 3].map(() => images.ensure({ kind: 'node', version: '22' }, { onOutput: (chunk) => void (said += chunk.toString()) })));
  assert.equal(new Set(asked).size, 1);
  assert.equal(said, '');
});
