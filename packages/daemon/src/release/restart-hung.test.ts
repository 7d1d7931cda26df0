import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { testEngine } from '../../test/test-engine.ts';
import { createAppWorld } from '../app/test-bed/app-world.ts';
import { listEvents, liveRelease } from '../store/index.ts';
import { listReleaseContainers, type AppContainer } from './app-containers.ts';
import { createLiveView } from './live-containers.ts';
import { superviseReleases } from './supervise.ts';

const web = `node -e 'let hangs = false; require("http").createServer((q, r) => { if (q.url === "/hang") hangs = true; else if (hangs) return; setTimeout(() => r.end(process.env.HOSTNAME), 5); }).listen(3000); process.on("SIGTERM", () => hangs || process.exit(0))'`;
/** Answers so often, then never again. */
const worker = `node -e 'let left = 2; require("http").createServer((q, r) => (left -= 1) >= 0 && r.end("ok")).listen(9000); process.on("SIGTERM", () => process.exit(0))'`;
const engine = testEngine('hung');
let world: Awaited<ReturnType<typeof createAppWorld>>;
const stop = new AbortController();
let supervising: Promise<void>;

before(async () => {
  const health = { path: '/', port: 9000, statuses: undefined, timeoutMs: 10_000, intervalMs: 100 };
  world = await createAppWorld(engine, { web: { run: web, instances: 3 }, worker: { run: worker, health } });
  supervising = superviseReleases(world.daemon, createLiveView(world.daemon), stop.signal);
});
after(async () => {
  stop.abort();
  await supervising;
  await world.close();
});

const containers = () => listReleaseContainers(world.daemon, liveRelease(world.daemon.store, 'shop', 'production')!);
const hung = (process: string) => listEvents(world.daemon.store, 0, 1000).filter(({ kind, data }) => kind === 'process.hung' && data.process === process);
const states = async () => (await world.daemon.proxy.observe('shop--production')).map(({ state }) => state).toSorted().join();

test('of three web instances one hangs: the proxy takes it out, it is started anew, and nothing is lost once it was seen', { timeout: 180_000 }, async (t) => {
  const lost: number[] = [];
  const answers: number[] = [];
  let isOver = false;
  const visitor = async () => {
    while (!isOver) {
      const began = Date.now();
      const status = await fetch(`http://127.0.0.1:${world.port}/`, { signal: AbortSignal.timeout(15_000) }).then(async (response) => (await response.text(), response.status), () => 0);
      (status === 200 ? answers : lost).push(began);
      await delay(10);
    }
  };
  const visitors = Array.from({ length: 6 }, visitor);
  t.after(() => {
    isOver = true;
  });
  const before = (await containers()).filter(({ process }) => process === 'web');
  await fetch(`http://${before[1]!.address}:3000/hang`);
  await until(async () => (await states()) === 'down,ready,ready');
  const seenAt = Date.now();
  await until(async () => hung('web').length === 1 && (await states()) === 'ready,ready,ready');
  await delay(2_000);
  isOver = true;
  await Promise.all(visitors);
  const after = (await containers()).filter(({ process }) => process === 'web');
  t.diagnostic(`${answers.length} answers; ${lost.length} lost before the proxy saw it, ${lost.filter((at) => at >= seenAt).length} after`);
  assert.deepEqual(lost.filter((at) => at >= seenAt), []);
  assert.ok(answers.filter((at) => at >= seenAt).length > 100);
  const id = ({ id }: AppContainer) => id;
  assert.deepEqual(after.map(id).map((one) => before.map(id).includes(one)), [true, false, true], 'only the one that hung is new');
  assert.match(hung('web')[0]!.text, /r1-web-2 is started anew/);
});

test('another process with a health path that falls silent is started anew, and told', { timeout: 120_000 }, async () => {
  await until(async () => hung('worker').length > 0);
  await until(async () => (await containers()).some(({ process, running }) => process === 'worker' && running));
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries += 1) {
    assert.ok(tries < 600);
    await delay(150);
  }
}
