import type { RequestEntry } from '../proxy/index.ts';
import { addLatency, createLatencies, mergeLatencies, type Latencies } from './latencies.ts';
import type { Requests } from './metric-store.ts';

/** Of one site since the daemon started, for who counts on. */
export interface RequestTotals {
  /** By the class of the status: 2xx … 5xx; `none` for those without an answer. */
  statuses: Record<string, number>;
  latencies: Latencies;
}

/** Counts the requests that HAProxy tells of, by site. */
export interface RequestCounter {
  add(entry: RequestEntry): void;
  /** What came since the last time that this was asked, by site. */
  take(): Map<string, Requests>;
  totals(): ReadonlyMap<string, RequestTotals>;
}

/** Sites whose totals are kept; environments for branches come and go. */
const maxSites = 2000;

export function createRequestCounter(): RequestCounter {
  let recent = new Map<string, Requests>();
  const totals = new Map<string, RequestTotals>();
  return {
    add(entry) {
      const site = recent.get(entry.site) ?? { requests: 0, errors: 0, latencies: createLatencies() };
      recent.set(entry.site, site);
      site.requests += 1;
      if (entry.status >= 500) site.errors += 1;
      // Until the answer began: how fast a client then reads is its own affair.
      if (entry.waitMs >= 0) addLatency(site.latencies, entry.waitMs);
      const sum = totals.get(entry.site) ?? { statuses: {}, latencies: createLatencies() };
      totals.set(entry.site, sum);
      const status = entry.status >= 100 && entry.status < 600 ? `${Math.floor(entry.status / 100)}xx` : 'none';
      sum.statuses[status] = (sum.statuses[status] ?? 0) + 1;
    },
    take() {
      const taken = recent;
      recent = new Map();
      for (const [site, { latencies }] of taken) mergeLatencies(totals.get(site)!.latencies, latencies);
      for (const site of totals.keys()) {
        if (totals.size <= maxSites) break;
        if (!taken.has(site)) totals.delete(site);
      }
      return taken;
    },
    totals: () => totals,
  };
}
