import type { MetricStore } from './metric-store.ts';

/** When the daemon took samples, of this step and from one time until before another, in seconds: the server itself is in each of them. */
export function sampleTimes(store: MetricStore, { step, from, to }: { step: number; from: number; to: number }): number[] {
  const series = store.find({ project: '', environment: '', kind: 'server', name: '' });
  if (series === undefined) return [];
  const rows = store.sql('SELECT at FROM use_samples WHERE step = ? AND at >= ? AND at < ? AND series = ?').all(step, from, to, series) as { at: number }[];
  return rows.map(({ at }) => at);
}
