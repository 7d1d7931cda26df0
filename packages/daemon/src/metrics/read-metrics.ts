import { availableParallelism, totalmem } from 'node:os';
import type { EnvironmentMetrics, ServerMetrics } from '@redcontrol/contract';
import { createLatencies, decodeLatencies, mergeLatencies, quantileMs, type Latencies } from './latencies.ts';
import { steps, type MetricStore, type Requests, type SeriesName } from './metric-store.ts';
import { sampleTimes } from './sample-times.ts';

/** From when to when, in ms since 1970, and into how many parts at most. */
export interface Asked {
  fromMs: number;
  toMs: number;
  points: number;
}

/** Figures of one environment. The longer ago the time begins, the coarser what is kept of it. */
export function environmentMetrics(store: MetricStore, owner: { project: string; environment: string }, asked: Asked): EnvironmentMetrics {
  const grid = gridOf(asked);
  const rows = rowsOf(store, grid, owner);
  const answered = Map.groupBy(rows.filter(({ kind }) => kind === 'requests'), ({ index }) => index);
  const perTime = grid.at.map((_, index) => requestsOf(answered.get(index) ?? []));
  const measured = measuredParts(store, grid);
  return {
    everyMs: grid.everySeconds * 1000, at: grid.at,
    processes: seriesOf(rows, ['process', 'database']).map(({ kind, name, rows: own }) => ({
      name, kind: kind as 'process' | 'database', ...useOf(grid, own), memoryLimitBytes: own.at(-1)?.limit_bytes ?? null,
      receivedPerSecond: along(grid, own, (part) => total(part, 'received_bytes') / grid.everySeconds), sentPerSecond: along(grid, own, (part) => total(part, 'sent_bytes') / grid.everySeconds),
    })),
    requests: {
      perSecond: perTime.map(({ requests }, index) => (requests > 0 || measured.has(index) ? requests / grid.everySeconds : null)),
      errorShare: perTime.map(({ requests, errors }) => (requests > 0 ? errors / requests : null)),
      p50Ms: perTime.map(({ latencies }) => percentile(latencies, 0.5)), p95Ms: perTime.map(({ latencies }) => percentile(latencies, 0.95)),
    },
    total: totalOf(perTime),
    volumes: seriesOf(rows, ['volume']).map(({ name, rows: own }) => ({ name, bytes: carried(along(grid, own, peakBytes)) })),
  };
}

/** Figures of the server. */
export function serverMetrics(store: MetricStore, asked: Asked): ServerMetrics {
  const grid = gridOf(asked);
  const rows = rowsOf(store, grid, { project: '', environment: '' });
  const use = (kind: string) => useOf(grid, rows.filter((row) => row.kind === kind));
  return {
    everyMs: grid.everySeconds * 1000, at: grid.at, ...use('server'), cpuCount: availableParallelism(), memoryTotalBytes: totalmem(), daemon: use('daemon'),
    disks: seriesOf(rows, ['disk']).map(({ name, rows: own }) => ({ folder: name, usedBytes: along(grid, own, peakBytes), totalBytes: own.at(-1)?.limit_bytes ?? null })),
  };
}

interface Grid {
  step: number;
  everySeconds: number;
  at: number[];
  fromSeconds: number;
  toSeconds: number;
}

/** The finest samples that reach back so far, put together until there are no more parts than asked for. */
function gridOf({ fromMs, toMs, points }: Asked): Grid {
  const [from, to] = [fromMs / 1000, toMs / 1000];
  const step = (steps.find(({ keepSeconds }) => to - from <= keepSeconds) ?? steps.at(-1)!).seconds;
  const everySeconds = Math.max(1, Math.ceil((to - from) / points / step)) * step;
  const first = Math.floor(from / everySeconds) * everySeconds;
  // The time that has only begun is left out: a part of its requests would look like a fall.
  const count = Math.max(1, Math.floor((to - first) / everySeconds));
  return { step, everySeconds, at: Array.from({ length: count }, (_, index) => (first + index * everySeconds) * 1000), fromSeconds: first, toSeconds: first + count * everySeconds };
}

interface Row {
  kind: SeriesName['kind'];
  name: string;
  /** Which part of the grid. */
  index: number;
  cpus: number | null;
  used_bytes: number;
  limit_bytes: number | null;
  received_bytes: number;
  sent_bytes: number;
  requests: number;
  errors: number;
  latencies: Uint8Array;
}

/** Everything of one owner within the grid, oldest first. */
function rowsOf(store: MetricStore, grid: Grid, { project, environment }: { project: string; environment: string }): Row[] {
  const within = 'WHERE s.step = ?1 AND s.at >= ?2 AND s.at < ?3 AND s.series IN (SELECT id FROM series WHERE project = ?4 AND environment = ?5) ORDER BY s.at';
  const read = (table: string, columns: string) => store
    .sql(`SELECT n.kind, n.name, s.at, ${columns} FROM ${table} s JOIN series n ON n.id = s.series ${within}`)
    .all(grid.step, grid.fromSeconds, grid.toSeconds, project, environment) as unknown as (Row & { at: number })[];
  const rows = [
    ...read('use_samples', 's.cpus, s.memory_bytes AS used_bytes, s.memory_limit_bytes AS limit_bytes, s.received_bytes, s.sent_bytes'),
    ...read('request_samples', 's.requests, s.errors, s.latencies'),
    ...read('fill_samples', 's.used_bytes, s.total_bytes AS limit_bytes'),
  ];
  return rows.map((row) => ({ ...row, index: partOf(grid, row.at) }));
}

/** Parts of the grid in which the daemon took samples at all: no request is a figure there, and a gap elsewhere. */
function measuredParts(store: MetricStore, grid: Grid): Set<number> {
  return new Set(sampleTimes(store, { step: grid.step, from: grid.fromSeconds, to: grid.toSeconds }).map((at) => partOf(grid, at)));
}

function partOf(grid: Grid, at: number): number {
  return Math.floor((at - grid.fromSeconds) / grid.everySeconds);
}

function requestsOf(rows: readonly Row[]): Requests {
  const latencies = createLatencies();
  for (const row of rows) mergeLatencies(latencies, decodeLatencies(row.latencies));
  return { requests: total(rows, 'requests'), errors: total(rows, 'errors'), latencies };
}

function totalOf(perTime: readonly Requests[]): EnvironmentMetrics['total'] {
  const all = createLatencies();
  for (const { latencies } of perTime) mergeLatencies(all, latencies);
  const sum = (of: 'requests' | 'errors') => perTime.reduce((before, one) => before + one[of], 0);
  return { requests: sum('requests'), errors: sum('errors'), p50Ms: percentile(all, 0.5), p95Ms: percentile(all, 0.95) };
}

function seriesOf(rows: readonly Row[], kinds: readonly SeriesName['kind'][]): { kind: SeriesName['kind']; name: string; rows: Row[] }[] {
  const groups = Map.groupBy(rows.filter(({ kind }) => kinds.includes(kind)), ({ kind, name }) => JSON.stringify([kind, name]));
  return [...groups.values()].map((own) => ({ kind: own[0]!.kind, name: own[0]!.name, rows: own })).sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.name.localeCompare(b.name, 'en'));
}

function useOf(grid: Grid, rows: readonly Row[]) {
  return { cpus: along(grid, rows, meanCpus), memoryBytes: along(grid, rows, peakBytes) };
}

/** One figure for each time of the grid; null where there are no rows. */
function along(grid: Grid, rows: readonly Row[], figure: (part: readonly Row[]) => number | null): (number | null)[] {
  const parts = Map.groupBy(rows, ({ index }) => index);
  return grid.at.map((_, index) => {
    const part = parts.get(index);
    return part ? figure(part) : null;
  });
}

function meanCpus(rows: readonly Row[]): number | null {
  const known = rows.flatMap(({ cpus }) => cpus ?? []);
  return known.length === 0 ? null : Math.round((known.reduce((sum, cpus) => sum + cpus, 0) / known.length) * 10_000) / 10_000;
}

function total(rows: readonly Row[], of: 'requests' | 'errors' | 'received_bytes' | 'sent_bytes'): number {
  return rows.reduce((sum, row) => sum + row[of], 0);
}

function peakBytes(rows: readonly Row[]): number {
  return Math.max(...rows.map((row) => row.used_bytes));
}

/** Volumes are measured once an hour: in between they are as they were. */
function carried(figures: readonly (number | null)[]): (number | null)[] {
  let last: number | null = null;
  return figures.map((figure) => (last = figure ?? last));
}

function percentile(latencies: Latencies, share: number): number | null {
  const ms = quantileMs(latencies, share);
  return ms === null ? null : Math.round(ms * 10) / 10;
}
