import { serverName, siteId, type LiveContainers, type LiveUnit } from '../../release/index.ts';
import { bucketCount, bucketEndMs, type Latencies } from '../latencies.ts';
import type { LastSample } from '../metrics.ts';
import type { RequestTotals } from '../request-counter.ts';
import type { Family } from './render-families.ts';

/** What there is to scrape: the last sample, and what was counted since the daemon started. */
export interface Scraped {
  version: string;
  last: LastSample | undefined;
  live: readonly LiveContainers[];
  totals: ReadonlyMap<string, RequestTotals>;
}

type Samples = Family['samples'];

/** All figures as families, pure. */
export function collectFamilies(scraped: Scraped): Family[] {
  return [
    { name: 'redcontrol_daemon', type: 'gauge', help: 'The daemon and its version.', samples: [{ labels: { version: scraped.version }, value: 1 }] },
    { name: 'redcontrol_environment_up', type: 'gauge', help: 'Whether the web processes of the live release run.', samples: scraped.live.map(({ release, units }) => ({ labels: ownerLabels(release), value: units.every(isUp) ? 1 : 0 })) },
    ...containerFamilies(scraped),
    ...requestFamilies(scraped),
    ...serverFamilies(scraped),
  ];
}

function isUp({ wantsWeb, containers }: LiveUnit): boolean {
  return !wantsWeb || containers.some(({ process, running }) => process === 'web' && running);
}

function containerFamilies({ last }: Scraped): Family[] {
  const of = (value: (one: LastSample['containers'][number]) => number | null): Samples => (last?.containers ?? []).flatMap((one) => {
    const found = value(one);
    return found === null ? [] : [{ labels: { ...ownerLabels(one), kind: one.kind, process: one.name, instance: serverName(one.container) }, value: found }];
  });
  return [
    { name: 'redcontrol_process_cpu_seconds', type: 'counter', unit: 'seconds', help: 'Processor time of a container.', samples: of(({ total }) => total.cpuNanoseconds / 1e9) },
    { name: 'redcontrol_process_memory_bytes', type: 'gauge', unit: 'bytes', help: 'Memory of a container without its page cache.', samples: of(({ total }) => total.memoryBytes) },
    { name: 'redcontrol_process_memory_limit_bytes', type: 'gauge', unit: 'bytes', help: 'What a container may take.', samples: of(({ total }) => total.memoryLimitBytes) },
    { name: 'redcontrol_process_received_bytes', type: 'counter', unit: 'bytes', help: 'What a container received from the network.', samples: of(({ total }) => total.receivedBytes) },
    { name: 'redcontrol_process_sent_bytes', type: 'counter', unit: 'bytes', help: 'What a container sent to the network.', samples: of(({ total }) => total.sentBytes) },
  ];
}

function requestFamilies({ live, totals }: Scraped): Family[] {
  const sites = live.flatMap(({ units }) => units.flatMap(({ release }) => {
    const site = totals.get(siteId(release));
    return site ? [{ labels: { ...ownerLabels(release), ...(release.app === undefined ? {} : { app: release.app }) }, site }] : [];
  }));
  return [
    { name: 'redcontrol_requests', type: 'counter', help: 'Requests by the class of their status.', samples: sites.flatMap(({ labels, site }) => Object.entries(site.statuses).map(([status, value]) => ({ labels: { ...labels, status }, value }))) },
    { name: 'redcontrol_request_duration_seconds', type: 'histogram', unit: 'seconds', help: 'Time until an answer began.', samples: sites.flatMap(({ labels, site }) => histogram(labels, site.latencies)) },
  ];
}

/** Every fourth bucket, each about twice as wide as the one before. */
const bucketsTogether = 4;

function histogram(labels: Record<string, string>, { counts, sumMs }: Latencies): Samples {
  const samples: Samples = [];
  let count = 0;
  for (let bucket = 0; bucket < bucketCount; bucket += 1) {
    count += counts[bucket] ?? 0;
    const isLast = bucket === bucketCount - 1;
    if (isLast || bucket % bucketsTogether === 0) samples.push({ suffix: '_bucket', labels: { ...labels, le: isLast ? '+Inf' : secondsOf(bucket) }, value: count });
  }
  return [...samples, { suffix: '_count', labels, value: count }, { suffix: '_sum', labels, value: sumMs / 1000 }];
}

/** A number with a point, as the format wants it. */
function secondsOf(bucket: number): string {
  const text = String(Number((bucketEndMs(bucket) / 1000).toPrecision(4)));
  return text.includes('.') ? text : `${text}.0`;
}

function serverFamilies({ last }: Scraped): Family[] {
  const samples = last ? [...last.samples.filter(({ kind }) => kind !== 'volume'), ...last.volumes] : [];
  const of = (kind: string, value: (one: LastSample['samples'][number]) => number | null): Samples => samples.flatMap((one) => {
    const found = one.kind === kind ? value(one) : null;
    return found === null ? [] : [{ labels: { ...(kind === 'disk' ? { folder: one.name } : {}), ...(one.project === '' ? {} : { ...ownerLabels(one), volume: one.name }) }, value: found }];
  });
  const memory = (one: LastSample['samples'][number]) => ('use' in one ? one.use.memoryBytes : null);
  const cpus = (one: LastSample['samples'][number]) => ('use' in one ? one.use.cpus : null);
  const used = (one: LastSample['samples'][number]) => ('fill' in one ? one.fill.usedBytes : null);
  return [
    { name: 'redcontrol_server_cpus', type: 'gauge', help: 'Processors that the server used.', samples: of('server', cpus) },
    { name: 'redcontrol_server_memory_bytes', type: 'gauge', unit: 'bytes', help: 'Memory that is in use and cannot be given back.', samples: of('server', memory) },
    { name: 'redcontrol_daemon_cpus', type: 'gauge', help: 'Processors that the daemon used.', samples: of('daemon', cpus) },
    { name: 'redcontrol_daemon_memory_bytes', type: 'gauge', unit: 'bytes', help: 'Resident memory of the daemon.', samples: of('daemon', memory) },
    { name: 'redcontrol_disk_used_bytes', type: 'gauge', unit: 'bytes', help: 'What is used of a disk.', samples: of('disk', used) },
    { name: 'redcontrol_disk_size_bytes', type: 'gauge', unit: 'bytes', help: 'What can be used of a disk.', samples: of('disk', (one) => ('fill' in one ? one.fill.totalBytes : null)) },
    { name: 'redcontrol_volume_bytes', type: 'gauge', unit: 'bytes', help: 'Files of a volume, measured once an hour.', samples: of('volume', used) },
  ];
}

function ownerLabels({ project, environment }: { project: string; environment: string }): Record<string, string> {
  return { project, environment };
}
