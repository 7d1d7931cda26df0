import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';

/** Serves the files of its folder as they are now, as static servers do. */
const server = `import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { version } from './version.js';
createServer(async (request, response) => {
  const name = /^\\/assets\\/([a-z0-9./-]+)$/.exec(request.url)?.[1];
  if (!name) return response.end(version);
  try { response.end(await readFile(new URL('./public/assets/' + name, import.meta.url))); } catch { response.writeHead(404).end('none'); }
}).listen(Number(process.env.PORT ?? 3000));
process.on('SIGTERM', () => process.exit(0));
`;
const filesOf = (version: string) => ({ ...setVersion(version), [`public/assets/app-${version}.js`]: `file of ${version}`, [`public/assets/${version}/deep-${version}.css`]: `style of ${version}`, 'public/assets/manifest.json': version });
const gone = (version: string) => ({ [`public/assets/app-${version}.js`]: undefined, [`public/assets/${version}/deep-${version}.css`]: undefined });
const owner = { project: 'shop', environment: 'production' };
const keepMs = 25_000;

let world: World;
let origin: TestRepository;
let port: number;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', { ...sampleApp('v1'), 'server.js': server, ...filesOf('v1') });
  port = await world.freePort();
  const config = {
    project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline: [], assets: ['public/assets', 'not/there'], keep: { assets: `${keepMs / 1000}s` },
    processes: { web: { instances: 2 } },
    environments: { production: { deploy: { branch: 'main' }, port, watch: '1s', drain: '1s' } },
  };
  await world.call('project.apply', { config: stringify(config) });
  await deployed(await origin.git('rev-parse', 'HEAD'));
});
after(() => world.close());

async function deployed(commit: string): Promise<void> {
  assert.equal((await world.verdict('shop', commit)).status, 'succeeded');
}

function get(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.once('end', () => resolve(`${response.statusCode} ${body}`));
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Asks for the files of the page that a visitor has open, again and again, and for those of whatever page he would get now. */
function openPage(version: string): { end(): Promise<{ asked: number; wrong: string[] }> } {
  const result = { asked: 0, wrong: [] as string[] };
  let isOpen = true;
  const one = async () => {
    while (isOpen) {
      const now = (await get('/').catch(String)).replace('200 ', '');
      const answers = await Promise.all([get(`/assets/app-${version}.js`), get(`/assets/${version}/deep-${version}.css`), get(`/assets/app-${now}.js`)].map((answer) => answer.catch(String)));
      const wanted = [`200 file of ${version}`, `200 style of ${version}`, `200 file of ${now}`];
      result.asked += answers.length;
      answers.forEach((answer, index) => answer === wanted[index] || result.wrong.push(`${wanted[index]}: ${answer}`));
      await delay(5);
    }
  };
  const visitors = Array.from({ length: 4 }, one);
  return {
    async end() {
      isOpen = false;
      await Promise.all(visitors);
      return result;
    },
  };
}

test('the files of an open page are served during and after a switch, and go when their time is over', { timeout: 400_000 }, async (t) => {
  const page = openPage('v1');
  await deployed(await origin.push({ ...gone('v1'), ...filesOf('v2') }));
  assert.equal(await get('/'), '200 v2');
  assert.equal(await get('/assets/manifest.json'), '200 v2', 'never over a file of the version itself');
  await world.call('app.restart', owner);
  await deployed(await origin.push({ ...gone('v2'), ...filesOf('v3') }));
  const { asked, wrong } = await page.end();
  t.diagnostic(`${asked} files asked for over two switches and a restart, ${wrong.length} not served`);
  assert.ok(asked > 200, String(asked));
  assert.deepEqual(wrong, []);
  assert.deepEqual([await get('/assets/app-v1.js'), await get('/assets/app-v2.js'), await get('/assets/app-v3.js')], ['200 file of v1', '200 file of v2', '200 file of v3']);

  await world.kill();
  await world.start();
  for (const until = Date.now() + keepMs + 60_000; (await get('/assets/v2/deep-v2.css')) !== '404 none'; await delay(500)) assert.ok(Date.now() < until, 'the files of v2 go');
  assert.deepEqual([await get('/assets/app-v1.js'), await get('/assets/app-v2.js'), await get('/assets/app-v3.js'), await get('/assets/v3/deep-v3.css')], ['404 none', '404 none', '200 file of v3', '200 style of v3']);
});
