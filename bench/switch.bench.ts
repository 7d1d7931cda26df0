import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createProxy, spawnHaproxy } from '@redcontrol/daemon';
import { killTree, runOrThrow, spawnProcess } from '@redcontrol/system';
import { percentile } from './measure.ts';
import type { Bench } from './row.ts';

const switches = 100;
const ports = { http: 18_580, https: 18_543, first: 18_590, second: 18_591 };
const perSecond = { kept: 300, anew: 200 };
const steadySeconds = 15;
const switchSeconds = 50;
const site = { id: 'bench--production', domains: [], port: 18_588, https: 'off' as const, redirects: {} };

export const bench: Bench = {
  title: '100 switches under load',
  about:
    '300 requests/s over kept and 200/s over new connections through HAProxy to an app that takes 20 ms, while traffic is switched 100 times between two versions of it: new server in, old drained and taken out. Floor: the same load with no switch, in the same run. Lost is every request without an answer of 200.',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'redcontrol-bench-'));
    const runDirectory = join(directory, 'run');
    await mkdir(runDirectory);
    const app = spawnProcess(process.execPath, [join(import.meta.dirname, 'slow-app.ts'), String(ports.first), String(ports.second)]);
    await new Promise((resolve) => app.stdout!.once('data', resolve));
    const places = { directory: join(directory, 'haproxy'), runDirectory, httpPort: ports.http, httpsPort: ports.https };
    await mkdir(places.directory);
    const haproxy = await spawnHaproxy(places);
    try {
      const proxy = await createProxy(places);
      const server = (version: number) => ({ name: `r${version}-web-1`, address: '127.0.0.1', port: version % 2 === 0 ? ports.first : ports.second, state: 'ready' as const });
      await proxy.apply({ sites: [{ ...site, servers: [server(0)] }] });
      const steady = await load(steadySeconds);
      const underway = load(switchSeconds);
      const times: number[] = [];
      for (let version = 1; version <= switches; version += 1) {
        const startedAt = performance.now();
        await proxy.changeSites((sites) => sites.map((one) => ({ ...one, servers: [...one.servers, server(version)] })));
        await proxy.drainServers(site.id, [server(version - 1).name]);
        times.push(performance.now() - startedAt);
        while ((await proxy.activeSessions(site.id, server(version - 1).name)) > 0) await delay(5);
        await proxy.removeServers(site.id, [server(version - 1).name]);
        await delay(Math.max(0, (switchSeconds * 1000) / switches - (performance.now() - startedAt) - 50));
      }
      const busy = await underway;
      const p99 = { steady: percentile(sorted(steady.latencies), 99), busy: percentile(sorted(busy.latencies), 99) };
      return [
        { name: `lost of ${busy.latencies.length + busy.lost} requests over ${switches} switches`, unit: 'requests', value: busy.lost, target: { atMost: 0 }, runs: 1 },
        { name: 'p99 while switching', unit: 'ms', value: p99.busy, floor: p99.steady, ratio: p99.busy / p99.steady, target: { ratioAtMost: 1.5 }, runs: busy.latencies.length },
        { name: 'p50 while switching', unit: 'ms', value: percentile(sorted(busy.latencies), 50), floor: percentile(sorted(steady.latencies), 50), ratio: percentile(sorted(busy.latencies), 50) / percentile(sorted(steady.latencies), 50), runs: busy.latencies.length },
        { name: 'one switch: new in, old drained', unit: 'ms', value: percentile(sorted(times), 50), spread: { min: Math.min(...times), max: Math.max(...times) }, runs: switches },
      ];
    } finally {
      await haproxy.stop();
      killTree(app);
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function load(seconds: number): Promise<{ latencies: number[]; lost: number }> {
  const { stdout } = await runOrThrow(process.execPath, [join(import.meta.dirname, 'load.ts'), String(site.port), String(seconds), String(perSecond.kept), String(perSecond.anew)]);
  return JSON.parse(stdout) as { latencies: number[]; lost: number };
}

function sorted(figures: readonly number[]): number[] {
  return figures.toSorted((a, b) => a - b);
}
