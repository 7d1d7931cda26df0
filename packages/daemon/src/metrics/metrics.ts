import { join } from 'node:path';
import type { DaemonContext } from '../context.ts';
import { engineVersion } from '../engine/index.ts';
import { processLabel, siteId, type AppContainer, type LiveContainers, type LiveView } from '../release/index.ts';
import { listAllEnvironments } from '../store/index.ts';
import { createContainerMeter, togetherUse, type ContainerUse, type OwnedContainer } from './container-meter.ts';
import { openMetricStore, sampleSeconds, type MetricStore, type Sample } from './metric-store.ts';
import type { RequestCounter } from './request-counter.ts';
import { makeRoom, rollUp } from './roll-up.ts';
import { createServerMeter } from './server-meter.ts';
import { measureVolumes } from './volume-meter.ts';

const rollUpEverySeconds = 60;
const volumesEverySeconds = 3600;
/** The first time, so that a start is not made slower by it. */
const firstVolumesAfterSeconds = 60;

/** What the last sample saw, in full, for who scrapes. */
export interface LastSample {
  at: number;
  samples: readonly Sample[];
  /** As they were measured last. */
  volumes: readonly Sample[];
  containers: readonly ContainerUse[];
}

/** Takes figures of apps and the server every 15 s, and keeps them for 30 days. */
export interface Metrics {
  store: MetricStore;
  requests: RequestCounter;
  last(): LastSample | undefined;
  /** Called after each sample was stored. */
  onSample(listener: (at: number) => void): void;
  close(): Promise<void>;
}

export interface MetricsOptions {
  view: LiveView;
  requests: RequestCounter;
}

export function startMetrics(daemon: DaemonContext, { view, requests }: MetricsOptions): Metrics {
  const store = openMetricStore(join(daemon.options.dataDirectory, 'metrics.db'));
  const stopping = new AbortController();
  const listeners: ((at: number) => void)[] = [];
  const sampler = createSampler(daemon, { view, requests });
  let last: LastSample | undefined;
  const loop = async () => {
    for (let end = nextEnd(daemon.clock.now()); ; end = nextEnd(daemon.clock.now(), end)) {
      const isStopped = await daemon.clock.sleep(end - daemon.clock.now(), stopping.signal).then(() => false, () => true);
      if (isStopped) return;
      try {
        // A sample tells of the time that has just passed, and bears the time of its begin.
        const at = end / 1000 - sampleSeconds;
        last = await sampler(at);
        keep(store, at, last.samples);
        for (const listener of listeners) listener(at);
      } catch (error) {
        daemon.log.error('figures could not be taken', error);
      }
    }
  };
  const done = loop();
  return {
    store, requests,
    last: () => last,
    onSample: (listener) => void listeners.push(listener),
    async close() {
      stopping.abort();
      await done;
      store.close();
    },
  };
}

/** When the next sample is due, in ms: a timer that fires early takes none twice, and a clock that is put back is followed. */
function nextEnd(now: number, before = 0): number {
  const distanceMs = sampleSeconds * 1000;
  const next = (Math.floor(now / distanceMs) + 1) * distanceMs;
  return next <= before && before - now < distanceMs ? before + distanceMs : next;
}

/** SQLite says that its file has grown as far as it may, or that the disk is full. Then old figures give way to new ones. */
export function keep(store: MetricStore, at: number, samples: readonly Sample[]): void {
  const write = () => {
    store.add(at, samples);
    const end = at + sampleSeconds;
    if (end % rollUpEverySeconds === 0) rollUp(store, end);
  };
  try {
    write();
  } catch (error) {
    if (!/full/.test(String((error as { errstr?: string }).errstr ?? ''))) throw error;
    makeRoom(store);
    write();
  }
}

/** Answers what is to be kept of one moment. */
function createSampler(daemon: DaemonContext, { view, requests }: MetricsOptions): (at: number) => Promise<LastSample> {
  const containers = createContainerMeter();
  const server = createServerMeter();
  const startedAt = daemon.clock.now() / 1000;
  let volumesAt = startedAt - volumesEverySeconds + firstVolumesAfterSeconds;
  let dataFolder: string | undefined;
  let volumes: Sample[] = [];
  let areNew = false;
  const lookAtVolumes = (at: number) => {
    if (at - volumesAt < volumesEverySeconds) return;
    volumesAt = at;
    // Not waited for: it may take longer than the next samples.
    void measureVolumes(daemon).then((found) => void ([volumes, areNew] = [found, true]), (error: unknown) => daemon.log.error('volumes could not be measured', error));
  };
  return async (at) => {
    lookAtVolumes(at);
    dataFolder ??= (await engineVersion(daemon.engine).catch(() => undefined))?.dataDirectory;
    const live = view.seen();
    const used = await containers.read(live.flatMap(containersOf));
    const taken = requests.take();
    const sites = new Map(listAllEnvironments(daemon.store).map((owner) => [siteId(owner), owner]));
    const own = { project: '', environment: '', name: '' };
    const { server: all, daemon: self } = server.read();
    const disks = await server.disks([daemon.options.dataDirectory, ...(dataFolder === undefined ? [] : [dataFolder])]);
    const samples: Sample[] = [
      { ...own, kind: 'server', use: all }, { ...own, kind: 'daemon', use: self },
      ...disks.map(({ folder, fill }): Sample => ({ ...own, kind: 'disk', name: folder, fill })),
      ...processSamples(used),
      ...[...taken].flatMap(([site, counted]): Sample[] => {
        const owner = sites.get(site.split('.')[0] ?? '');
        return owner ? [{ ...owner, kind: 'requests', name: site.split('.')[1] ?? '', requests: counted }] : [];
      }),
      ...(areNew ? volumes : []),
    ];
    areNew = false;
    return { at, samples, volumes, containers: used };
  };
}

function containersOf({ release: { project, environment }, units, databases }: LiveContainers): OwnedContainer[] {
  const owned = (kind: OwnedContainer['kind'], name: string, container: AppContainer): OwnedContainer => ({ project, environment, kind, name, container });
  return [
    ...units.flatMap(({ release, containers }) => containers.map((container) => owned('process', processLabel(release, container.process), container))),
    ...databases.map((container) => owned('database', container.process, container)),
  ];
}

function processSamples(used: readonly ContainerUse[]): Sample[] {
  const groups = Map.groupBy(used, ({ project, environment, kind, name }) => JSON.stringify([project, environment, kind, name]));
  return [...groups.values()].flatMap((group): Sample[] => {
    const use = togetherUse(group.map((one) => one.use));
    const { project, environment, kind, name } = group[0]!;
    return use ? [{ project, environment, kind, name, use }] : [];
  });
}
