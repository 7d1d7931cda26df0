import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../test/world/sample-app.ts';
import { createWorld } from '../test/world/world.ts';
import type { Bench } from './row.ts';

const projects = 10;
const pushesEach = 10;
const stormMs = 10_000;
const patienceMs = 15 * 60_000;

export const bench: Bench = {
  title: 'A storm of pushes',
  about:
    '100 pushes to 10 projects within 10 s, each with its test and deployment; every tenth breaks the test. Counted: runs without a verdict, or with one that is not true (a broken version that succeeded, a good one that failed), projects on which the newest good commit is not live, and the daemon’s largest resident memory.',
  async run() {
    const world = await createWorld();
    try {
      const places = [];
      for (let index = 0; index < projects; index += 1) {
        const name = `storm-${index}`;
        const origin = await world.repository(name, sampleApp('v0'));
        const port = await world.freePort();
        await world.call('project.apply', { config: stringify({ project: name, repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, environments: { production: { deploy: { branch: 'main' }, port, watch: '1s', drain: '1s' } } }) });
        places.push({ name, origin, port, broken: new Set<string>(), last: '' });
      }
      for (const place of places) await world.verdict(place.name, await place.origin.git('rev-parse', 'HEAD'), patienceMs);

      let peakMb = 0;
      const watch = setInterval(() => void residentMb(world.daemonPid()).then((mb) => (peakMb = Math.max(peakMb, mb))), 500);
      const startedAt = performance.now();
      await Promise.all(places.map(async (place, index) => {
        for (let push = 1; push <= pushesEach; push += 1) {
          const isBroken = push === pushesEach - 1 && index % 2 === 0;
          const commit = await place.origin.push(setVersion(isBroken ? 'broken' : `v${push}`));
          if (isBroken) place.broken.add(commit);
          place.last = commit;
          await delay(Math.max(0, startedAt + (push * stormMs) / pushesEach - performance.now()));
        }
      }));
      for (const place of places) await world.verdict(place.name, place.last, patienceMs);
      const settledMs = performance.now() - startedAt;
      clearInterval(watch);

      let untrue = 0;
      let stale = 0;
      let runs = 0;
      for (const place of places) {
        for (const run of await world.call('run.list', { project: place.name, limit: 1000 })) {
          runs += 1;
          const isTrue = run.status === 'superseded' || run.status === (place.broken.has(run.commit) ? 'failed' : 'succeeded');
          if (!isTrue) untrue += 1;
        }
        const live = await fetch(`http://127.0.0.1:${place.port}/`).then((response) => response.text());
        if (live !== `v${pushesEach}`) stale += 1;
      }
      return [
        { name: `verdicts that are not true, of ${runs} runs`, unit: 'runs', value: untrue, target: { atMost: 0 }, runs: 1 },
        { name: `projects without the newest commit live, of ${projects}`, unit: 'projects', value: stale, target: { atMost: 0 }, runs: 1 },
        { name: 'from the first push until all is live', unit: 's', value: settledMs / 1000, runs: 1 },
        { name: 'largest resident memory of the daemon', unit: 'MB', value: peakMb, target: { atMost: 250 }, runs: 1 },
      ];
    } finally {
      await world.close();
    }
  },
};

async function residentMb(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => 'VmRSS: 0'))?.[1] ?? 0) / 1024;
}
