import type { Alert, EnvironmentMetrics, ServerMetrics } from '@redcontrol/contract';

interface Span {
  lastMs: number;
  points?: number | undefined;
}

const megabyte = 1024 ** 2;

/** Figures that rise and fall, with a gap in which the daemon was away. */
function figures(count: number, least: number, most: number): (number | null)[] {
  return Array.from({ length: count }, (_, index) => (index >= count * 0.6 && index < count * 0.65 ? null : least + ((most - least) * (1 + Math.sin(index / 9))) / 2));
}

function timesOf(now: number, { lastMs, points = 180 }: Span) {
  const everyMs = Math.ceil(lastMs / points / 15_000) * 15_000;
  const count = Math.floor(lastMs / everyMs);
  return { everyMs, at: Array.from({ length: count }, (_, index) => now - lastMs + index * everyMs) };
}

export function sampleEnvironmentMetrics(now: number, span: Span): EnvironmentMetrics {
  const times = timesOf(now, span);
  const some = (least: number, most: number) => figures(times.at.length, least, most);
  const process = (name: string, kind: 'process' | 'database', memory: number) => ({ name, kind, cpus: some(0.02, 0.4), memoryBytes: some(memory * megabyte, memory * 1.4 * megabyte), memoryLimitBytes: 512 * megabyte, receivedPerSecond: some(1000, 40_000), sentPerSecond: some(4000, 200_000) });
  return {
    ...times,
    processes: [process('web', 'process', 140), process('worker', 'process', 210), process('database', 'database', 300)],
    requests: { perSecond: some(3, 41), errorShare: some(0, 0.02), p50Ms: some(18, 30), p95Ms: some(80, 240) },
    total: { requests: 128_000, errors: 640, p50Ms: 22, p95Ms: 180 },
    volumes: [{ name: 'media', bytes: some(900 * megabyte, 1000 * megabyte) }],
  };
}

export function sampleServerMetrics(now: number, span: Span): ServerMetrics {
  const times = timesOf(now, span);
  const some = (least: number, most: number) => figures(times.at.length, least, most);
  return {
    ...times, cpus: some(0.1, 1.2), cpuCount: 4, memoryBytes: some(3000 * megabyte, 3600 * megabyte), memoryTotalBytes: 8192 * megabyte,
    disks: [{ folder: '/var/lib/redcontrol', usedBytes: some(20_000 * megabyte, 21_000 * megabyte), totalBytes: 40_960 * megabyte }],
    daemon: { cpus: some(0.001, 0.004), memoryBytes: some(60 * megabyte, 66 * megabyte) },
  };
}

export function sampleAlerts(now: number): Alert[] {
  const base = { project: 'shop', environment: 'production', name: null, value: null, limit: null, since: now - 1_200_000 };
  return [
    { ...base, kind: 'errors', value: '12 %', limit: '5 %' },
    { ...base, kind: 'crash-loop', name: 'worker' },
    { ...base, kind: 'disk', environment: null, name: '/var/lib/redcontrol', value: '91 %', limit: '90 %' },
  ];
}
