import { availableParallelism, totalmem } from 'node:os';
import type { EnvironmentMetrics, ServerMetrics } from '@redcontrol/contract';
import { decodeLatencies, mergeLatencies, createLatencies, quantileMs } from './latencies.ts';
import { steps, type MetricStore, type SeriesName } from './metric-store.ts';

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
  const all = createLatencies();
  const requests = rows.filter(({ kind }) => kind === 'requests');
  for (const { latencies } of requests) mergeLatencies(all, decodeLatencies(latencies));
  const isMeasured = measured(store, grid);
  const perTime = grid.at.map((_, index) => requestsAt(requests.filter((row) => row.index === index), { isMeasured: isMeasured.has(index), seconds: grid.everySeconds }));
  const sum = (of: 'requests' | 'errors') => requests.reduce((total, row) => total + row[of], 0);
  return {
    everyMs: grid.everySeconds * 1000, at: grid.at,
    processes: seriesOf(rows, ['process', 'database']).map(({ kind, name, rows: own }) => ({
      name, kind: kind as 'process' | 'database', ...useOf(grid, own), memoryLimitBytes: own.at(-1)?.limit_bytes ?? null,
      receivedPerSecond: along(grid, own, (part) => total(part, 'received_bytes') / grid.everySeconds), sentPerSecond: along(grid, own, (part) => total(part, 'sent_bytes') / grid.everySeconds),
    })),
    requests: { perSecond: perTime.map((one) => one.perSecond), errorShare: perTime.map((one) => one.errorShare), p50Ms: perTime.map((one) => one.p50Ms), p95Ms: perTime.map((one) => one.p95Ms) },
    total: { requests: sum('requests'), errors: sum('errors'), p50Ms: rounded(quantileMs(all, 0.5)), p95Ms: rounded(quantileMs(all, 0.95)) },
    volumes: seriesOf(rows, ['volume']).map(({ name, rows: own }) => ({ name, bytes: carried(along(grid, own, (part) => peak(part, 'used_bytes'))) })),
  };
}

/** Figures of the server. */
export function serverMetrics(store: MetricStore, asked: Asked): ServerMetrics {
  const grid = gridOf(asked);
  const rows = rowsOf(store, grid, { project: '', environment: '' });
  const use = (kind: string) => useOf(grid, rows.filter((row) => row.kind === kind));
  return {
    everyMs: grid.everySeconds * 1000, at: grid.at, ...use('server'), cpuCount: availableParallelism(), memoryTotalBytes: totalmem(), daemon: use('daemon'),
    disks: seriesOf(rows, ['disk']).map(({ name, rows: own }) => ({ folder: name, usedBytes: along(grid, own, (part) => peak(part, 'used_bytes')), totalBytes: own.at(-1)?.limit_bytes ?? null })),
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
  return rows.map((row) => ({ ...row, index: Math.floor((row.at - grid.fromSeconds) / grid.everySeconds) }));
}

/** Parts of the grid in which the daemon took samples at all: no request is a figure there, and a gap elsewhere. */
function measured(store: MetricStore, grid: Grid): Set<number> {
  const series = store.find({ project: '', environment: '', kind: 'server', name: '' });
  if (series === undefined) return new Set();
  const rows = store.sql('SELECT at FROM use_samples WHERE step = ? AND at >= ? AND at < ? AND series = ?').all(grid.step, grid.fromSeconds, grid.toSeconds, series) as { at: number }[];
  return new Set(rows.map(({ at }) => Math.floor((at - grid.fromSeconds) / grid.everySeconds)));
}

function requestsAt(rows: readonly Row[], { isMeasured, seconds }: { isMeasured: boolean; seconds: number }) {
  const latencies = createLatencies();
  for (const row of rows) mergeLatencies(latencies, decodeLatencies(row.latencies));
  const requests = total(rows, 'requests');
  return {
    perSecond: rows.length > 0 || isMeasured ? requests / seconds : null, errorShare: requests > 0 ? total(rows, 'errors') / requests : null,
    p50Ms: rounded(quantileMs(latencies, 0.5)), p95Ms: rounded(quantileMs(latencies, 0.95)),
  };
}

function seriesOf(rows: readonly Row[], kinds: readonly SeriesName['kind'][]): { kind: SeriesName['kind']; name: string; rows: Row[] }[] {
  const groups = Map.groupBy(rows.filter(({ kind }) => kinds.includes(kind)), ({ kind, name }) => JSON.stringify([kind, name]));
  return [...groups.values()].map((own) => ({ kind: own[0]!.kind, name: own[0]!.name, rows: own })).sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.name.localeCompare(b.name, 'en'));
}

function useOf(grid: Grid, rows: readonly Row[]) {
  return { cpus: along(grid, rows, meanCpus), memoryBytes: along(grid, rows, (part) => peak(part, 'used_bytes')) };
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

function peak(rows: readonly Row[], of: 'used_bytes'): number {
  return Math.max(...rows.map((row) => row[of]));
}

/** Volumes are measured once an hour: in between they are as they were. */
function carried(figures: readonly (number | null)[]): (number | null)[] {
  let last: number | null = null;
  return figures.map((figure) => (last = figure ?? last));
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
