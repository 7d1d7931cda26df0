import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../world/sample-app.ts';
import type { TestRepository } from '../world/repository.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let origin: TestRepository;
const owner = { project: 'shop', environment: 'production' };

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  origin = await world.repository('shop', sampleApp('v1'));
  const traffic = { redirects: { 'www.shop.test': 'shop.test', 'old.test': { to: 'shop.test', status: 301 } } };
  const config = { project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline: [], environments: { production: { deploy: { branch: 'main' }, domain: 'shop.test', https: 'off', watch: '500ms', drain: '1s', traffic } } };
  await world.call('project.apply', { config: stringify(config) });
  await world.verdict('shop', await origin.git('rev-parse', 'HEAD'));
});
after(() => world.close());

function get(host = 'shop.test', language = 'en'): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: world.httpPort, path: '/a?b=1', headers: { host, 'accept-language': language } }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

test('maintenance begins and ends at once, outlives the daemon and releases, and lets in whom it names', { timeout: 300_000 }, async () => {
  assert.deepEqual([(await get()).body, (await get('old.test')).status, (await get('www.shop.test')).headers.location], ['v1', 301, `http://shop.test:${world.httpPort}/a?b=1`]);
  const state = await world.call('maintenance.start', { ...owner, message: 'Вернёмся в 18:00', letIn: ['192.0.2.0/24'] });
  assert.deepEqual([state.maintenance?.message, state.maintenance?.letIn, state.live?.number], ['Вернёмся в 18:00', ['192.0.2.0/24'], 1]);
  const closed = await get();
  assert.deepEqual([closed.status, closed.headers['retry-after'], /Вернёмся в 18:00/.test(closed.body)], [503, '60', true]);

  await world.kill();
  assert.equal((await get()).status, 503, 'without the daemon');
  await world.start();
  const run = await world.verdict('shop', await origin.push(setVersion('v2')));
  assert.equal(run.status, 'succeeded');
  assert.equal((await get()).status, 503, 'a release goes live behind it');

  await world.call('maintenance.start', { ...owner, letIn: ['127.0.0.1'] });
  assert.equal((await get()).body, 'v2');
  await assert.rejects(world.call('maintenance.start', { ...owner, letIn: ['1:2:3'] }), { code: 'USAGE' });
  await assert.rejects(world.call('maintenance.start', { ...owner, letMeIn: true }), { code: 'USAGE', message: /from which address/ });
  await world.call('maintenance.start', owner);
  assert.match((await get('shop.test', 'ru')).body, /Технические работы/);
  assert.equal((await world.call('maintenance.end', owner)).maintenance, null);
  assert.equal((await get()).body, 'v2');
  await world.call('maintenance.end', owner);
  const events = await world.call('events.list', { after: 0, limit: 1000 });
  assert.deepEqual(events.filter(({ kind }) => kind.startsWith('environment.maintenance')).map(({ kind }) => kind.split('-')[1]), ['started', 'started', 'started', 'ended']);
});

test('a visitor of an app that is down gets a plain page in his language', { timeout: 120_000 }, async () => {
  await world.call('app.stop', owner);
  const english = await get('shop.test', 'en-GB');
  const russian = await get('shop.test', 'ru-RU,ru;q=0.9,en;q=0.5');
  assert.deepEqual([english.status, english.headers['retry-after'], /<html lang="en">.*The site is down/.test(english.body)], [503, '5', true]);
  assert.deepEqual([russian.status, /<html lang="ru">.*Сайт сейчас не отвечает/.test(russian.body), Buffer.byteLength(russian.body) < 2000], [503, true, true]);
  await world.call('app.start', owner);
  assert.equal((await get()).body, 'v2');
});
