import { formatBytes } from '@redcontrol/contract';
import { sampleSeconds, sampleTimes, type MetricStore } from '../metrics/index.ts';
import type { ErrorFigures, MemoryFigures } from './judge-alert.ts';

/** What alerts are judged by: read from the stored figures, so that a restart of the daemon changes nothing. */
export interface RecentFigures {
  /** By `project/environment`; none where nothing was asked. */
  requests: Map<string, Pick<ErrorFigures, 'requests' | 'errors'>>;
  /** By `project/environment`, then by process. */
  memory: Map<string, Map<string, MemoryFigures>>;
  /** By folder. */
  disks: Map<string, number[]>;
  /** Samples of five minutes. */
  samples: number;
}

const longSeconds = 300;
const recentSeconds = 120;
const diskSeconds = 60;

/** Figures of the five minutes before a sample; `at` in seconds is the sample's. */
export function recentFigures(store: MetricStore, at: number): RecentFigures {
  const end = at + sampleSeconds;
  return { requests: requestsSince(store, end - longSeconds, end), memory: memorySince(store, end - longSeconds, end), disks: disksSince(store, end - diskSeconds, end), samples: sampleTimes(store, { step: sampleSeconds, from: end - longSeconds, to: end }).length };
}

function requestsSince(store: MetricStore, begin: number, end: number): RecentFigures['requests'] {
  const rows = store
    .sql('SELECT n.project, n.environment, sum(s.requests) AS requests, sum(s.errors) AS errors FROM request_samples s JOIN series n ON n.id = s.series WHERE s.step = ? AND s.at >= ? AND s.at < ? GROUP BY n.project, n.environment')
    .all(sampleSeconds, begin, end) as { project: string; environment: string; requests: number; errors: number }[];
  return new Map(rows.map(({ project, environment, requests, errors }) => [`${project}/${environment}`, { requests, errors }]));
}

function memorySince(store: MetricStore, begin: number, end: number): RecentFigures['memory'] {
  const rows = store
    .sql(`SELECT n.project, n.environment, n.name, s.at, s.memory_bytes AS used, s.memory_limit_bytes AS most FROM use_samples s JOIN series n ON n.id = s.series
      WHERE s.step = ? AND s.at >= ? AND s.at < ? AND n.kind IN ('process', 'database') AND s.memory_limit_bytes > 0 ORDER BY s.at`)
    .all(sampleSeconds, begin, end) as { project: string; environment: string; name: string; at: number; used: number; most: number }[];
  const found: RecentFigures['memory'] = new Map();
  for (const { project, environment, name, at, used, most } of rows) {
    const key = `${project}/${environment}`;
    const processes = found.get(key) ?? new Map<string, MemoryFigures>();
    found.set(key, processes);
    const before = processes.get(name) ?? { recent: [], longer: [], text: '' };
    const share = used / most;
    processes.set(name, { recent: at >= end - recentSeconds ? [...before.recent, share] : before.recent, longer: [...before.longer, share], text: `${formatBytes(used)} of ${formatBytes(most)}` });
  }
  return found;
}

function disksSince(store: MetricStore, begin: number, end: number): RecentFigures['disks'] {
  const rows = store
    .sql(`SELECT n.name, s.used_bytes AS used, s.total_bytes AS most FROM fill_samples s JOIN series n ON n.id = s.series
      WHERE s.step = ? AND s.at >= ? AND s.at < ? AND n.kind = 'disk' AND s.total_bytes > 0 ORDER BY s.at`)
    .all(sampleSeconds, begin, end) as { name: string; used: number; most: number }[];
  const found: RecentFigures['disks'] = new Map();
  for (const { name, used, most } of rows) found.set(name, [...(found.get(name) ?? []), used / most]);
  return found;
}
