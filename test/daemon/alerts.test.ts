import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { stringify } from 'yaml';
import { sampleApp } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let port: number;
let host: Server;
const told: { type: string; title: string }[] = [];
const place = { project: 'shop', environment: 'production' };
const program = join(import.meta.dirname, '../../packages/control/src/main.ts');

const server = `import { createServer } from 'node:http';
createServer((request, response) => response.writeHead(request.url === '/fail' ? 500 : 200).end('x')).listen(Number(process.env.PORT));
`;

before(async () => {
  host = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { type, data } = JSON.parse(Buffer.concat(chunks).toString()) as { type: string; data: { title: string } };
      told.push({ type, title: data.title });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  const origin = await world.repository('shop', sampleApp('v1', { 'server.js': server }));
  port = await world.freePort();
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: [],
      channels: { team: { kind: 'webhook', url: `http://127.0.0.1:${(host.address() as AddressInfo).port}/hook`, secret: 'KEY', events: ['alert', 'alert-over', 'down', 'up'] } },
      environments: { production: { deploy: { branch: 'main', tag: 'v*' }, port, watch: '500ms', drain: '1s', alerts: { errors: '10%' } } },
    }),
  });
  await world.call('secret.set', { project: 'shop', environment: '@channels', name: 'KEY', value: 'the signing key' });
  const run = await world.call('deploy', { ...place, ref: 'main' });
  await until(async () => (await world.call('run.show', { run: run.id })).finishedAt !== null);
  assert.equal((await world.call('run.show', { run: run.id })).status, 'succeeded', world.daemonLog());
});
after(async () => {
  await world.close();
  host.close();
});

const ask = async (path: string, times: number) => {
  for (let count = 0; count < times; count += 1) await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
};
const alerts = async () => (await world.call('alerts.list', {})).map(({ kind, environment, value, limit }) => [kind, environment, value, limit]);

test('too many errors are told once over a kill of the daemon, and once that they are few again', async () => {
  await ask('/', 10);
  await ask('/fail', 30);
  await until(async () => (await alerts()).length > 0);
  const [alert] = await alerts();
  assert.deepEqual([alert?.[0], alert?.[1], alert?.[3]], ['errors', 'production', '10 %']);
  const listed = await runToEnd(process.execPath, [program, '--socket', join(world.directory, 'run', 'daemon.sock'), 'alerts', '--all'], { timeoutMs: 30_000 });
  assert.match(listed.stdout, /shop\/production +too many errors +\d+(\.\d)? % +10 %/);
  await until(async () => told.length > 0);
  await world.kill('SIGKILL');
  await ask('/fail', 30);
  await world.start();
  assert.equal((await alerts()).length, 1);
  await ask('/', 1500);
  await until(async () => (await alerts()).length === 0, 150_000);
  await until(async () => told.length > 1);
  assert.deepEqual(told, [{ type: 'alert.started', title: 'shop: too many errors on production' }, { type: 'alert.ended', title: 'shop: few errors on production again' }]);
});

test('an app that is down when the daemon is killed is told down once, and up once by the next daemon, which starts it', async () => {
  const already = told.length;
  const [container] = (await world.call('app.list', place)).flatMap(({ instances }) => instances);
  await runOrThrow('docker', ['stop', '-t', '0', `rc-${world.instance}-shop--production--${container!.name}`]);
  await until(async () => told.length > already);
  assert.deepEqual(await alerts(), [['down', 'production', null, null]]);
  await world.kill('SIGKILL');
  await world.start();
  await until(async () => told.length > already + 1);
  await delay(12_000);
  assert.deepEqual(told.slice(already), [{ type: 'environment.down', title: 'shop: production is down' }, { type: 'environment.up', title: 'shop: production is up again' }]);
  assert.deepEqual(await alerts(), []);
});

async function until(isTrue: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await isTrue()); await delay(500)) assert.ok(Date.now() < end, `${JSON.stringify(told)}\n${world.daemonLog().slice(-3000)}`);
}
