import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { testEngine } from '../../test/test-engine.ts';
import { listContainers } from '../engine/index.ts';
import { createRestartWatch } from '../release/crash-loop.ts';
import { listReleaseContainers, tellCrashLoops } from '../release/index.ts';
import { listEvents } from '../store/index.ts';
import { followAppLogs, listApp, liveApp, restartApp, scaleApp, startApp, stopApp } from './index.ts';
import { createAppWorld } from './test-bed/app-world.ts';

const web = `node -e 'require("http").createServer((q, r) => setTimeout(() => r.end("here"), 10)).listen(3000); process.on("SIGTERM", () => process.exit(0))'`;
const worker = `node -e 'let n = 0; setInterval(() => console.log("beat " + (n += 1)), 100)'`;
const engine = testEngine('app');
let world: Awaited<ReturnType<typeof createAppWorld>>;
const never = new AbortController().signal;

before(async () => {
  world = await createAppWorld(engine, { web: { run: web, instances: 2 }, worker: { run: worker }, falls: { run: 'echo about to fall; exit 9', instances: 0 } });
});
after(() => world.close());

const names = async () => (await listContainers(world.engine, { project: 'shop' })).filter(({ labels }) => labels['redcontrol.release']).map(({ name }) => name.split('--').at(-1)).toSorted();

test('each container is told with its state and use', async () => {
  const [first, second] = await listApp(world.daemon, world.owner);
  assert.deepEqual([first!.process, first!.wanted, first!.stopped, first!.instances.map(({ name, state }) => [name, state])], ['web', 2, false, [['r1-web-1', 'running'], ['r1-web-2', 'running']]]);
  const [beat] = second!.instances;
  assert.equal(beat!.memoryLimitBytes, 128 * 1024 ** 2);
  assert.ok(beat!.memoryBytes! > 1e6 && beat!.cpus! >= 0 && beat!.processCount! >= 1, JSON.stringify(beat));
});

test('web is restarted and scaled without a lost request', async () => {
  const { stop } = watchAnswers();
  await restartApp(world.daemon, { ...world.owner, process: 'web' }, never);
  await scaleApp(world.daemon, { ...world.owner, process: 'web', instances: 3 });
  assert.deepEqual(await names(), ['r1-web-1', 'r1-web-2', 'r1-web-3', 'r1-worker-1']);
  await scaleApp(world.daemon, { ...world.owner, process: 'web', instances: 1 });
  assert.deepEqual(await names(), ['r1-web-1', 'r1-worker-1']);
  const { answers, lost } = await stop();
  assert.deepEqual([lost, answers > 20], [[], true], `${answers}`);
});

test('stopped processes are gone until they are started, each with its number of instances', async () => {
  await scaleApp(world.daemon, { ...world.owner, process: 'web', instances: 2 });
  await stopApp(world.daemon, world.owner);
  await stopApp(world.daemon, world.owner);
  assert.deepEqual(await names(), []);
  assert.equal((await fetch(`http://127.0.0.1:${world.port}/`)).status, 503);
  await startApp(world.daemon, { ...world.owner, process: 'web' });
  assert.deepEqual(await names(), ['r1-web-1', 'r1-web-2']);
  assert.equal(await (await fetch(`http://127.0.0.1:${world.port}/`)).text(), 'here');
  await startApp(world.daemon, world.owner);
  assert.deepEqual((await listApp(world.daemon, world.owner)).map(({ process, stopped, instances }) => [process, stopped, instances.length]), [['web', false, 2], ['worker', false, 1], ['falls', false, 0]]);
  await assert.rejects(stopApp(world.daemon, { ...world.owner, process: 'nobody' }), { code: 'NOT_FOUND' });
});

test('logs are followed by process and text, over a restart', async () => {
  const heard: string[] = [];
  const stop = new AbortController();
  const following = followAppLogs(world.daemon, world.owner, { process: 'worker', lines: 10, grep: 'beat 1', signal: stop.signal, onText: async ({ process, instance }, text) => void heard.push(`${process} ${instance} ${text}`) });
  await until(async () => heard.length > 0);
  const before = heard.length;
  await restartApp(world.daemon, { ...world.owner, process: 'worker' }, never);
  await until(async () => heard.slice(before).some((text) => text === 'worker 1 beat 1\n'));
  stop.abort();
  await following;
  assert.ok(heard.every((text) => /^worker 1 (beat 1\d*\n)+$/.test(text)), JSON.stringify(heard));
});

test('a process that falls again and again is told once, with its last lines, and once when it is over', async () => {
  const { release } = liveApp(world.daemon, world.owner);
  const watch = createRestartWatch();
  await scaleApp(world.daemon, { ...world.owner, process: 'falls', instances: 1 });
  const look = async () => {
    const containers = await listReleaseContainers(world.daemon, release);
    for (const { id, restarts } of containers) watch.see(id, restarts, Date.now());
    await tellCrashLoops(world.daemon, release, [{ release, containers }], watch);
    return (await listApp(world.daemon, world.owner)).find(({ process }) => process === 'falls')!.crashLoopSince;
  };
  await until(async () => (await look()) !== null);
  await look();
  const told = () => listEvents(world.daemon.store, 0, 100).map(({ kind, data }) => [kind, data.process]);
  assert.deepEqual(told(), [['process.crash-loop', 'falls']]);
  assert.match(String(listEvents(world.daemon.store, 0, 100)[0]!.data.lastLines), /about to fall/);
  await scaleApp(world.daemon, { ...world.owner, process: 'falls', instances: 0 });
  assert.equal(await look(), null);
  assert.deepEqual(told(), [['process.crash-loop', 'falls'], ['process.recovered', 'falls']]);
});

function watchAnswers() {
  const lost: number[] = [];
  let [answers, isStopped] = [0, false];
  const done = (async () => {
    while (!isStopped) {
      const status = await fetch(`http://127.0.0.1:${world.port}/`, { signal: AbortSignal.timeout(5000) }).then((response) => response.status, () => 0);
      answers += 1;
      if (status !== 200) lost.push(status);
      await delay(20);
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await done;
      return { answers, lost };
    },
  };
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 40_000; !(await isTrue()); await delay(100)) assert.ok(Date.now() < end, `It did not come true: ${isTrue.toString()}`);
}
