import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { createLatencies, decodeLatencies, encodeLatencies, mergeLatencies, type Latencies } from './latencies.ts';

/** Distance of samples as they are taken, and of those that longer times are told by. */
export const steps = [
  { seconds: 15, keepSeconds: 6 * 3600 },
  { seconds: 60, keepSeconds: 3 * 86_400 },
  { seconds: 900, keepSeconds: 30 * 86_400 },
] as const;
export const sampleSeconds = steps[0].seconds;
export const longestKeptMs = Math.max(...steps.map(({ keepSeconds }) => keepSeconds)) * 1000;

/** The file grows to this and no further: the oldest figures go then, whatever their age. */
export const maxStoreBytes = 256 * 1024 ** 2;
const pageBytes = 4096;
/** From so many names on, those without any figures are dropped when the file is opened: that reads all of it. */
const manySeries = 10_000;

/** What a row of figures is about; `project` is empty for the server itself. */
export interface SeriesName {
  project: string;
  environment: string;
  kind: 'process' | 'database' | 'server' | 'daemon' | 'requests' | 'volume' | 'disk';
  /** Of the process, volume or disk. */
  name: string;
}

/** What something took in the time of a sample. Bytes of the network are those of this time. */
export interface Use {
  /** Processors: 1.5 is one and a half. Null where it was not measured long enough. */
  cpus: number | null;
  memoryBytes: number;
  memoryLimitBytes: number | null;
  receivedBytes: number;
  sentBytes: number;
}

export interface Requests {
  requests: number;
  errors: number;
  latencies: Latencies;
}

export interface Fill {
  usedBytes: number;
  totalBytes: number | null;
}

export type Sample = SeriesName & ({ use: Use } | { requests: Requests } | { fill: Fill });

/** Figures of 30 days in a bounded file of their own: it may be lost without harm. Times in seconds since 1970. */
export interface MetricStore {
  sql(text: string): StatementSync;
  transaction<T>(change: () => T): T;
  /** Writes the samples of one moment. */
  add(at: number, samples: readonly Sample[]): void;
  /** Number of a series; undefined when it has no sample yet. */
  find(name: SeriesName): number | undefined;
  close(): void;
}

/** Opens the file, or makes it; one that cannot be read is begun anew. */
export function openMetricStore(path: string, options: { maxBytes?: number } = {}): MetricStore {
  const database = openDatabase(path, Math.floor((options.maxBytes ?? maxStoreBytes) / pageBytes));
  database.aggregate('merge_latencies', {
    start: () => createLatencies(),
    step: (sum: Latencies, bytes: unknown) => {
      if (bytes instanceof Uint8Array) mergeLatencies(sum, decodeLatencies(bytes));
      return sum;
    },
    result: (sum: Latencies) => encodeLatencies(sum),
  } as unknown as Parameters<DatabaseSync['aggregate']>[1]);
  const statements = new Map<string, StatementSync>();
  const known = new Map<string, number>();
  const sql = (text: string) => {
    const statement = statements.get(text) ?? database.prepare(text);
    statements.set(text, statement);
    return statement;
  };
  const transaction = <T>(change: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      known.clear();
      throw error;
    }
  };
  const find = (name: SeriesName) => {
    const key = keyOf(name);
    const id = known.get(key) ?? (sql('SELECT id FROM series WHERE project = ? AND environment = ? AND kind = ? AND name = ?').get(name.project, name.environment, name.kind, name.name) as { id: number } | undefined)?.id;
    if (id !== undefined) known.set(key, id);
    return id;
  };
  const ensure = (name: SeriesName) => find(name) ?? Number(sql('INSERT INTO series (project, environment, kind, name) VALUES (?, ?, ?, ?)').run(name.project, name.environment, name.kind, name.name).lastInsertRowid);
  return {
    sql, transaction, find,
    add: (at, samples) => transaction(() => {
      for (const sample of samples) insert(sql, { at, series: ensure(sample), sample });
    }),
    close() {
      statements.clear();
      database.close();
    },
  };
}

function insert(sql: MetricStore['sql'], { at, series, sample }: { at: number; series: number; sample: Sample }): void {
  if ('use' in sample) {
    const { cpus, memoryBytes, memoryLimitBytes, receivedBytes, sentBytes } = sample.use;
    sql('INSERT OR REPLACE INTO use_samples VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(sampleSeconds, at, series, cpus, whole(memoryBytes), memoryLimitBytes === null ? null : whole(memoryLimitBytes), whole(receivedBytes), whole(sentBytes));
  } else if ('requests' in sample) {
    const { requests, errors, latencies } = sample.requests;
    sql('INSERT OR REPLACE INTO request_samples VALUES (?, ?, ?, ?, ?, ?)').run(sampleSeconds, at, series, requests, errors, encodeLatencies(latencies));
  } else {
    const { usedBytes, totalBytes } = sample.fill;
    sql('INSERT OR REPLACE INTO fill_samples VALUES (?, ?, ?, ?, ?)').run(sampleSeconds, at, series, whole(usedBytes), totalBytes === null ? null : whole(totalBytes));
  }
}

function whole(value: number): number {
  return Math.max(0, Math.round(value));
}

function keyOf({ project, environment, kind, name }: SeriesName): string {
  return `${project}/${environment}/${kind}/${name}`;
}

function openDatabase(path: string, maxPages: number): DatabaseSync {
  try {
    return prepared(path, maxPages);
  } catch {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    return prepared(path, maxPages);
  }
}

/** Rows of one time lie together: a sample of many series touches few pages, and old ones go as a whole. */
const sample = 'step INTEGER NOT NULL, at INTEGER NOT NULL, series INTEGER NOT NULL';
const schema = `
  CREATE TABLE IF NOT EXISTS series (id INTEGER PRIMARY KEY, project TEXT NOT NULL, environment TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    UNIQUE (project, environment, kind, name)) STRICT;
  CREATE TABLE IF NOT EXISTS use_samples (${sample}, cpus REAL, memory_bytes INTEGER NOT NULL, memory_limit_bytes INTEGER, received_bytes INTEGER NOT NULL, sent_bytes INTEGER NOT NULL,
    PRIMARY KEY (step, at, series)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS request_samples (${sample}, requests INTEGER NOT NULL, errors INTEGER NOT NULL, latencies BLOB NOT NULL,
    PRIMARY KEY (step, at, series)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS fill_samples (${sample}, used_bytes INTEGER NOT NULL, total_bytes INTEGER,
    PRIMARY KEY (step, at, series)) STRICT, WITHOUT ROWID`;

function prepared(path: string, maxPages: number): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA page_size=${pageBytes}; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-1000; PRAGMA journal_size_limit=4194304; PRAGMA max_page_count=${maxPages}; ${schema}`);
    dropUnusedSeries(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function dropUnusedSeries(database: DatabaseSync): void {
  const { count } = database.prepare('SELECT count(*) AS count FROM series').get() as { count: number };
  if (count < manySeries) return;
  database.exec('DELETE FROM series WHERE id NOT IN (SELECT series FROM use_samples UNION SELECT series FROM request_samples UNION SELECT series FROM fill_samples)');
}
