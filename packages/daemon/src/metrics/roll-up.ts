import { steps, type MetricStore } from './metric-store.ts';

const tables = ['use_samples', 'request_samples', 'fill_samples'] as const;

/** How many samples of one distance become one of the next; the peak of memory, the mean of processors, the sum of what is counted. */
const folded: Record<(typeof tables)[number], string> = {
  use_samples: 'avg(cpus), max(memory_bytes), max(memory_limit_bytes), sum(received_bytes), sum(sent_bytes)',
  request_samples: 'sum(requests), sum(errors), merge_latencies(latencies)',
  fill_samples: 'max(used_bytes), max(total_bytes)',
};

/**
 * Folds what is complete into the next distance, and drops what is older than it is kept. Each is told from the figures
 * alone, so one that was killed in the middle is simply done again. `now` in seconds.
 */
export function rollUp(store: MetricStore, now: number): void {
  store.transaction(() => {
    for (const [index, { seconds }] of steps.entries()) {
      const finer = steps[index - 1];
      if (finer) fold(store, { from: finer.seconds, to: seconds, now });
    }
    for (const { seconds, keepSeconds } of steps) {
      for (const table of tables) {
        store.sql(`DELETE FROM ${table} WHERE step = ? AND at < ?`).run(seconds, now - keepSeconds);
        // Beyond now lies only what a clock that was wrong has written.
        store.sql(`DELETE FROM ${table} WHERE step = ? AND at > ?`).run(seconds, now + seconds);
      }
    }
  });
}

/** Makes room in a file that is full: of each distance the oldest quarter goes. */
export function makeRoom(store: MetricStore): void {
  store.transaction(() => {
    for (const table of tables) {
      for (const { seconds } of steps) {
        const { first, last } = store.sql(`SELECT min(at) AS first, max(at) AS last FROM ${table} WHERE step = ?`).get(seconds) as { first: number | null; last: number | null };
        if (first !== null && last !== null) store.sql(`DELETE FROM ${table} WHERE step = ? AND at <= ?`).run(seconds, Math.floor(first + (last - first) / 4));
      }
    }
  });
}

/** The server itself is in every sample, so its newest one tells how far this came. */
function fold(store: MetricStore, { from, to, now }: { from: number; to: number; now: number }): void {
  const end = Math.floor(now / to) * to;
  const { last } = store.sql('SELECT max(at) AS last FROM use_samples WHERE step = ?').get(to) as { last: number | null };
  const begin = last === null ? 0 : last + to;
  if (begin >= end) return;
  for (const table of tables) {
    store.sql(`INSERT OR REPLACE INTO ${table} SELECT ${to}, at / ${to} * ${to}, series, ${folded[table]} FROM ${table} WHERE step = ? AND at >= ? AND at < ? GROUP BY at / ${to}, series`).run(from, begin, end);
  }
}
