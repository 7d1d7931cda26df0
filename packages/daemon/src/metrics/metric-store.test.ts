import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { addLatency, createLatencies } from './latencies.ts';
import { openMetricStore, sampleSeconds, type MetricStore, type Sample } from './metric-store.ts';
import { keep } from './metrics.ts';
import { environmentMetrics, serverMetrics } from './read-metrics.ts';
import { rollUp } from './roll-up.ts';

const owner = { project: 'shop', environment: 'production' };
const begin = Math.floor(Date.UTC(2026, 0, 1) / 1000);

function open(t: TestContext, maxBytes?: number): { store: MetricStore; path: string } {
  const directory = mkdtempSync(join(tmpdir(), 'redcontrol-metrics-'));
  const path = join(directory, 'metrics.db');
  const store = openMetricStore(path, maxBytes === undefined ? {} : { maxBytes });
  t.after(() => {
    store.close();
    rmSync(directory, { recursive: true });
  });
  return { store, path };
}

/** A minute of four samples has 40 requests, 4 of them errors, each of 100 ms, and memory that peaks in the third. */
function samplesAt(at: number): Sample[] {
  const latencies = createLatencies();
  for (let count = 0; count < 10; count += 1) addLatency(latencies, 100);
  const use = { cpus: 0.5, memoryBytes: (at / sampleSeconds) % 4 === 2 ? 900 : 100, memoryLimitBytes: 1000, receivedBytes: 30, sentBytes: 60 };
  return [
    { project: '', environment: '', kind: 'server', name: '', use },
    { project: '', environment: '', kind: 'disk', name: '/data', fill: { usedBytes: 70, totalBytes: 100 } },
    { ...owner, kind: 'process', name: 'web', use },
    { ...owner, kind: 'requests', name: '', requests: { requests: 10, errors: 1, latencies } },
    ...(at === begin ? [{ ...owner, kind: 'volume' as const, name: 'media', fill: { usedBytes: 5, totalBytes: null } }] : []),
  ];
}

function fill(store: MetricStore, seconds: number): number {
  for (let at = begin; at < begin + seconds; at += sampleSeconds) keep(store, at, samplesAt(at));
  return begin + seconds;
}

test('the same hours told finely and coarsely have the same sums, means, peaks and percentiles', (t) => {
  const { store } = open(t);
  const end = fill(store, 4 * 3600);
  for (const [hours, everyMs] of [[1, 15_000], [6, 90_000], [24 * 2, 720_000], [24 * 20, 7_200_000]] as const) {
    const read = environmentMetrics(store, owner, { fromMs: (end - hours * 3600) * 1000, toMs: end * 1000, points: 240 });
    const [web] = read.processes;
    const told = (figures: readonly (number | null)[]) => figures.filter((figure) => figure !== null);
    assert.equal(read.everyMs, everyMs);
    assert.equal(read.at.length, read.requests.perSecond.length);
    assert.deepEqual(read.total, { requests: Math.min(hours, 4) * 2400, errors: Math.min(hours, 4) * 240, p50Ms: read.total.p50Ms, p95Ms: read.total.p95Ms }, `${hours} h`);
    assert.ok(Math.abs(read.total.p50Ms! - 100) < 10, `${read.total.p50Ms}`);
    assert.deepEqual([...new Set(told(web!.cpus))], [0.5]);
    assert.equal(Math.max(...told(web!.memoryBytes)), 900);
    assert.equal(web!.memoryLimitBytes, 1000);
    assert.deepEqual([...new Set(told(read.requests.errorShare))], [0.1]);
    const perSecond = told(read.requests.perSecond).reduce((sum, one) => sum + one * (everyMs / 1000), 0);
    assert.ok(Math.abs(perSecond - read.total.requests) < 1, 'every request is in a time');
    assert.ok(Math.abs(told(web!.receivedPerSecond).at(-1)! - 2) < 2.01);
  }
  assert.deepEqual(serverMetrics(store, { fromMs: (end - 3600) * 1000, toMs: end * 1000, points: 10 }).disks.map(({ folder, totalBytes }) => [folder, totalBytes]), [['/data', 100]]);
  assert.equal(environmentMetrics(store, { ...owner, environment: 'test' }, { fromMs: 0, toMs: end * 1000, points: 10 }).processes.length, 0);
});

test('a volume keeps its size between two measurements, and no request is a figure only where there were samples', (t) => {
  const { store } = open(t);
  fill(store, 3600);
  const end = begin + 7200;
  for (let at = begin + 3600; at < end; at += sampleSeconds) keep(store, at, samplesAt(at).filter(({ kind }) => kind === 'server'));
  const read = environmentMetrics(store, owner, { fromMs: (begin - 3600) * 1000, toMs: end * 1000, points: 3 });
  assert.deepEqual(read.volumes, [{ name: 'media', bytes: [null, 5, 5] }]);
  assert.deepEqual(read.requests.perSecond.map((one) => one !== null && one > 0), [false, true, false]);
  assert.deepEqual([read.requests.perSecond[0], read.requests.perSecond[2]], [null, 0]);
});

test('folding again, or where it was broken off, changes nothing; what is old goes', (t) => {
  const { store } = open(t);
  const end = fill(store, 2 * 3600);
  const dump = () => JSON.stringify(['use_samples', 'request_samples', 'fill_samples'].map((table) => store.sql(`SELECT * FROM ${table} WHERE step > 15`).all()));
  const before = dump();
  rollUp(store, end);
  store.sql('DELETE FROM use_samples WHERE step = 60 AND at > ?').run(end - 600);
  store.sql('DELETE FROM request_samples WHERE step = 60 AND at > ?').run(end - 600);
  rollUp(store, end);
  assert.ok(dump() === before, 'the same rows');
  const counts = () => store.sql('SELECT step, count(*) AS count FROM use_samples GROUP BY step').all().map((row) => [row['step'], row['count']]);
  assert.deepEqual(counts(), [[15, 960], [60, 240], [900, 16]]);
  rollUp(store, end + 7 * 3600);
  assert.deepEqual(counts(), [[60, 240], [900, 16]]);
  rollUp(store, end + 31 * 86_400);
  assert.deepEqual(counts(), []);
});

test('figures of a clock that was ahead do not stop those of the right time', (t) => {
  const { store } = open(t);
  const ahead = begin + 400 * 86_400;
  keep(store, ahead - sampleSeconds, samplesAt(ahead - sampleSeconds));
  const end = fill(store, 3600);
  const read = environmentMetrics(store, owner, { fromMs: (end - 20 * 86_400) * 1000, toMs: end * 1000, points: 500 });
  assert.equal(read.total.requests, 2400);
});

test('a file that may not grow loses its oldest figures, not its newest', (t) => {
  const maxBytes = 200 * 1024;
  const { store, path } = open(t, maxBytes);
  const end = fill(store, 5 * 3600);
  assert.ok(statSync(path).size <= maxBytes, `${statSync(path).size}`);
  const read = environmentMetrics(store, owner, { fromMs: (end - 300) * 1000, toMs: end * 1000, points: 240 });
  assert.equal(read.total.requests, 200);
});

test('a file that is not a database is begun anew', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'redcontrol-metrics-'));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'metrics.db'), 'x'.repeat(20_000));
  const store = openMetricStore(join(directory, 'metrics.db'));
  keep(store, begin, samplesAt(begin));
  assert.notEqual(store.find({ ...owner, kind: 'process', name: 'web' }), undefined);
  store.close();
});
