import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { EnvironmentMetrics } from '@redcontrol/contract';
import { runToEnd } from '@redcontrol/system';
import { stringify } from 'yaml';
import { sampleApp } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let port: number;
const begun = Date.now();
const place = { project: 'shop', environment: 'production' };
const program = join(import.meta.dirname, '../../packages/control/src/main.ts');

const server = `import { createServer } from 'node:http';
createServer((request, response) => {
  if (request.url === '/fail') response.writeHead(500);
  setTimeout(() => response.end('x'.repeat(1000)), request.url === '/slow' ? 400 : 0);
}).listen(Number(process.env.PORT));
`;

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  const origin = await world.repository('shop', sampleApp('v1', { 'server.js': server, 'busy.js': 'const kept = Buffer.alloc(40e6, 1); for (;;) kept[0] += 1;\n' }));
  port = await world.freePort();
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: [],
      processes: { web: { instances: 2, memory: '256M' }, busy: { run: 'node busy.js', memory: '128M', cpus: 0.2 } },
      environments: { production: { deploy: { branch: 'main', tag: 'v*' }, port, watch: '500ms', drain: '1s', traffic: { requestLog: 'off' } } },
    }),
  });
  const run = await world.call('deploy', { ...place, ref: 'main' });
  await until(async () => (await world.call('run.show', { run: run.id })).finishedAt !== null);
  assert.equal((await world.call('run.show', { run: run.id })).status, 'succeeded', world.daemonLog());
});
after(() => world.close());

const read = () => world.call('metrics.environment', { ...place, lastMs: Math.max(60_000, Date.now() - begun) });

test('requests, errors and answer times come from HAProxy, processors and memory from the cgroups', async () => {
  const already = (await read()).total.requests;
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  await Promise.all([...Array.from({ length: 60 }, () => ask('/')), ...Array.from({ length: 20 }, () => ask('/fail')), ...Array.from({ length: 20 }, () => ask('/slow'))]);
  let metrics: EnvironmentMetrics;
  await until(async () => {
    metrics = await read();
    return metrics.total.requests >= already + 100 && (metrics.processes.find(({ name }) => name === 'busy')?.cpus.findLast((one) => one !== null) ?? 0) > 0;
  }, 90_000);
  const { total, requests, processes, at, everyMs } = metrics!;
  assert.deepEqual([total.requests - already, total.errors], [100, 20]);
  assert.ok(total.p95Ms! >= 350 && total.p50Ms! < 350, JSON.stringify(total));
  assert.equal(everyMs, 15_000);
  assert.ok([requests.perSecond, requests.p50Ms, requests.p95Ms, ...processes.flatMap(({ cpus, memoryBytes }) => [cpus, memoryBytes])].every((figures) => figures.length === at.length));
  assert.deepEqual(processes.map(({ name, kind, memoryLimitBytes }) => [name, kind, memoryLimitBytes]), [['busy', 'process', 128 * 1024 ** 2], ['web', 'process', 256 * 1024 ** 2]]);
  const [busy, web] = processes;
  const last = (figures: readonly (number | null)[]) => figures.findLast((one) => one !== null)!;
  assert.ok(last(busy!.cpus) > 0.02 && last(busy!.cpus) < 0.35, `${last(busy!.cpus)} of at most 0.2 processors`);
  assert.ok(last(busy!.memoryBytes) > 40e6 && last(busy!.memoryBytes) < 128 * 1024 ** 2);
  assert.ok(Math.max(...web!.sentPerSecond.map((one) => one ?? 0)) > 1000, 'a hundred answers of 1,000 bytes');
});

test('they are of the server and the daemon too, and there after the daemon was killed', async () => {
  const before = await read();
  await world.kill('SIGKILL');
  await world.start();
  const again = await read();
  assert.ok(again.total.requests >= before.total.requests);
  await until(async () => (await world.call('metrics.server', { lastMs: 60_000 })).memoryBytes.some((one) => one !== null), 60_000);
  const { cpus, cpuCount, memoryBytes, memoryTotalBytes, disks, daemon } = await world.call('metrics.server', { lastMs: Math.max(60_000, Date.now() - begun) });
  const known = (figures: readonly (number | null)[]) => figures.filter((one) => one !== null);
  assert.ok(known(cpus).length > 0 && known(cpus).every((one) => one >= 0 && one <= cpuCount * 1.1));
  assert.ok(known(memoryBytes).every((one) => one > 0 && one < memoryTotalBytes));
  assert.ok(disks.length >= 1 && disks.every(({ usedBytes, totalBytes }) => known(usedBytes).every((one) => one > 0 && one < totalBytes!)));
  assert.ok(known(daemon.memoryBytes).every((one) => one > 20e6) && known(daemon.cpus).length > 0);
});

test('the command draws them, and gives them to programs', async () => {
  const metrics = async (...args: string[]) => {
    const ended = await runToEnd(process.execPath, [program, '--socket', join(world.directory, 'run', 'daemon.sock'), 'metrics', ...args], { timeoutMs: 30_000 });
    assert.equal(ended.exitCode, 0, ended.stderr);
    return ended.stdout;
  };
  const text = await metrics('-e', 'production', '--since', '10m');
  assert.match(text, /requests +[▁-█ ]+ +[\d.]+\/s/);
  assert.match(text, /busy memory +[▁-█ ]+.*of 128 MB/);
  assert.match(text, /1\d\d requests, \d+(\.\d)? % errors, half answered within /);
  assert.match(await metrics('--of-server', '--since', '10m'), /RedControl CPU +[▁-█ ]+ +\d/);
  assert.deepEqual(Object.keys(JSON.parse(await metrics('-e', 'production', '--json'))), ['everyMs', 'at', 'processes', 'requests', 'total', 'volumes']);
  assert.equal((await runToEnd(process.execPath, [program, '--socket', join(world.directory, 'run', 'daemon.sock'), 'metrics', '-e', 'nothing'], { timeoutMs: 30_000 })).exitCode, 3);
});

/** The reference implementation's own strict parser, and what it read. */
const parse = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
print(json.dumps([[f.name, f.type, [[s.name, s.labels, s.value] for s in f.samples]] for f in text_string_to_metric_families(sys.stdin.read())]))
`;

test('OpenMetrics on the local socket is what the reference parser takes', async (t) => {
  const folder = join(world.directory, 'venv');
  const made = await runToEnd('python3', ['-m', 'venv', folder], { timeoutMs: 60_000 });
  const got = made.exitCode === 0 ? await runToEnd(join(folder, 'bin/pip'), ['install', '--quiet', 'prometheus_client==0.26.0'], { timeoutMs: 120_000 }) : made;
  if (got.exitCode !== 0) return t.skip(`prometheus_client cannot be had here: ${got.stderr.slice(-200)}`);
  await until(async () => (await scrape()).text.includes('redcontrol_process_memory_bytes{'), 60_000);
  await (await fetch(`http://127.0.0.1:${port}/`)).text();
  await until(async () => /redcontrol_request_duration_seconds_count\{[^}]*\} [1-9]/.test((await scrape()).text), 60_000);
  const { type, text } = await scrape();
  assert.equal(type, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  const parsed = await runToEnd(join(folder, 'bin/python'), ['-c', parse], { timeoutMs: 30_000, input: text });
  assert.equal(parsed.exitCode, 0, `${parsed.stderr}\n${text}`);
  const families = JSON.parse(parsed.stdout) as [name: string, type: string, samples: [name: string, labels: Record<string, string>, value: number][]][];
  const samples = families.flatMap(([, , all]) => all);
  const valueOf = (name: string, labels: Record<string, string>) => samples.find(([one, of]) => one === name && Object.entries(labels).every(([key, value]) => of[key] === value))?.[2];
  assert.equal(valueOf('redcontrol_environment_up', place), 1);
  assert.ok(valueOf('redcontrol_process_cpu_seconds_total', { ...place, process: 'busy', instance: 'r1-busy-1' })! > 0);
  assert.equal(valueOf('redcontrol_process_memory_limit_bytes', { ...place, process: 'web', instance: 'r1-web-2' }), 256 * 1024 ** 2);
  const count = valueOf('redcontrol_request_duration_seconds_count', place)!;
  assert.equal(valueOf('redcontrol_request_duration_seconds_bucket', { ...place, le: '+Inf' }), count);
  assert.equal(valueOf('redcontrol_requests_total', { ...place, status: '2xx' }), count);
  assert.ok(valueOf('redcontrol_disk_used_bytes', {})! > 0 && valueOf('redcontrol_server_memory_bytes', {})! > 0);
  assert.equal((await scrape('/')).status, 404);
  assert.equal((await scrape('/metrics', 'POST')).status, 405);
});

function scrape(path = '/metrics', method = 'GET'): Promise<{ status: number; type: string; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: join(world.directory, 'run', 'metrics.sock'), path, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text: Buffer.concat(chunks).toString() }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

async function until(isTrue: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await isTrue()); await delay(500)) assert.ok(Date.now() < end, world.daemonLog().slice(-3000));
}
