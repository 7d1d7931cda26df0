import { join } from 'node:path';
import { systemClock, type Clock } from '@redcontrol/system';
import { addLatency, createLatencies } from '../../metrics/latencies.ts';
import { keep, openMetricStore, sampleSeconds, type MetricStore, type Sample } from '../../metrics/index.ts';
import { createChannelWorld } from '../../notify/test-bed/channel-world.ts';
import { lookForAlerts, type AlertContext } from '../index.ts';

export const owner = { project: 'shop', environment: 'production' };

/** What one sample measured; left out: nothing wrong. */
export interface Moment {
  requests?: number;
  errors?: number;
  /** Share of its limit that `web` takes. */
  memory?: number;
  /** Share of the disk. */
  disk?: number;
}

const mebibyte = 1024 ** 2;

function samplesOf({ requests = 0, errors = 0, memory = 0.3, disk = 0.3 }: Moment): Sample[] {
  const latencies = createLatencies();
  for (let count = 0; count < requests; count += 1) addLatency(latencies, 20);
  const use = { cpus: 0.1, memoryLimitBytes: 512 * mebibyte, receivedBytes: 0, sentBytes: 0 };
  return [
    { project: '', environment: '', kind: 'server', name: '', use: { ...use, memoryBytes: 1 } },
    { project: '', environment: '', kind: 'disk', name: '/data', fill: { usedBytes: disk * 1000, totalBytes: 1000 } },
    { ...owner, kind: 'process', name: 'web', use: { ...use, memoryBytes: Math.round(memory * 512 * mebibyte) } },
    ...(requests > 0 ? [{ ...owner, kind: 'requests' as const, name: '', requests: { requests, errors, latencies } }] : []),
  ];
}

/** Writes samples one after the other, as the daemon takes them, beginning at a time in seconds. Answers the time after them. */
export function fill(store: MetricStore, from: number, moments: readonly Moment[], each: (at: number) => void = () => {}): number {
  let at = from;
  for (const moment of moments) {
    keep(store, at, samplesOf(moment));
    each(at);
    at += sampleSeconds;
  }
  return at;
}

/** A real store with a project and its channels, real figures, and nothing of the engine. */
export function createAlertWorld(channels: Record<string, unknown>, options: { directory?: string; clock?: Clock; validUntil?: () => number | undefined } = {}) {
  const world = createChannelWorld(channels, options);
  const metrics = openMetricStore(join(world.directory, 'metrics.db'));
  const clock = options.clock ?? systemClock;
  const certificates = { certificateState: () => ({ error: null, notAfter: options.validUntil?.() }) } as unknown as AlertContext['certificates'];
  const context: AlertContext = { store: world.store, events: world.daemon.events, clock, certificates };
  return {
    ...world, metrics,
    look: (at: number) => lookForAlerts(context, metrics, at),
    async close() {
      metrics.close();
      await world.close();
    },
  };
}
