import { statSync } from 'node:fs';
import { createContainerWatch, openEngine } from '../packages/daemon/src/engine/index.ts';
import { createContainerMeter, togetherUse, type OwnedContainer } from '../packages/daemon/src/metrics/container-meter.ts';
import { addLatency, createLatencies } from '../packages/daemon/src/metrics/latencies.ts';
import { keep, openMetricStore, sampleSeconds, type Sample } from '../packages/daemon/src/metrics/index.ts';
import { createServerMeter } from '../packages/daemon/src/metrics/server-meter.ts';

const measuredSamples = 400;
const daySamples = 86_400 / sampleSeconds;

/** What taking and keeping samples of an instance's running containers costs: as a share of the time between two, and the file of a day. */
export async function figuresCost(instance: string, file: string): Promise<{ containers: number; percent: number; samples: number; dayMb: number }> {
  const engine = openEngine({ instance });
  const running = (await createContainerWatch(engine).look()).filter((container) => container.running);
  const owned = running.map((state): OwnedContainer => ({
    project: state.labels['redcontrol.project'] ?? '', environment: 'production', kind: 'process', name: state.labels['redcontrol.name'] ?? 'web',
    container: { id: state.id, name: state.name, process: state.labels['redcontrol.name'] ?? 'web', imageId: state.imageId, pid: state.pid, running: true, restarting: false, restarts: 0, address: '', engine },
  }));
  const store = openMetricStore(file);
  const [meter, server] = [createContainerMeter(), createServerMeter()];
  let at = Math.floor(Date.now() / 1000 / 900) * 900;
  const take = async () => {
    const used = await meter.read(owned);
    const { server: all, daemon } = server.read();
    const own = { project: '', environment: '', name: '' };
    const disks = await server.disks(['/']);
    keep(store, at, [{ ...own, kind: 'server', use: all }, { ...own, kind: 'daemon', use: daemon }, ...disks.map(({ folder, fill }): Sample => ({ ...own, kind: 'disk', name: folder, fill })), ...used.flatMap((one): Sample[] => [{ ...one, use: togetherUse([one.use])! }, ...(one.name === 'web' ? [requestsOf(one.project)] : [])])]);
    at += sampleSeconds;
  };
  await take();
  const before = process.cpuUsage();
  for (let count = 0; count < measuredSamples; count += 1) await take();
  const { user, system } = process.cpuUsage(before);
  for (let count = measuredSamples; count < daySamples; count += 1) await take();
  store.close();
  return { containers: owned.length, percent: (100 * (user + system)) / 1e6 / (measuredSamples * sampleSeconds), samples: measuredSamples, dayMb: statSync(file).size / 1024 ** 2 };
}

/** A site that answers two requests a second. */
function requestsOf(project: string): Sample {
  const latencies = createLatencies();
  for (let count = 0; count < 30; count += 1) addLatency(latencies, 5 + ((count * 37) % 200));
  return { project, environment: 'production', kind: 'requests', name: '', requests: { requests: 30, errors: 0, latencies } };
}
