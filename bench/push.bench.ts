import { createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunDetails } from '@redcontrol/contract';
import { openEngine, removeContainer, startContainer } from '@redcontrol/daemon';
import { runOrThrow } from '@redcontrol/system';
import { stringify } from 'yaml';
import { sampleApp, setVersion } from '../test/world/sample-app.ts';
import { createWorld, type World } from '../test/world/world.ts';
import type { TestRepository } from '../test/world/repository.ts';
import { measurePaired } from './measure.ts';
import { rowOf, type Bench } from './row.ts';

const pairs = 15;
const livePairs = 9;

/** Steps print the clock of the machine that both they and the bench run on. */
const printClockShell = 'date +at=%s.%N';

export const bench: Bench = {
  title: 'From a push to a step, and to the live version',
  about:
    'A warm project of a small Node app. Webhook: signed delivery through HAProxy until the first step’s own clock; its floor is git fetch, git checkout and docker exec by hand in a container that stands ready. One more step: the difference of the clocks of two steps; its floor is `docker exec … true`. Push to live: git push with the webhook until the new version answers through HAProxy; its floor is git push, fetch, checkout, a cached docker build, docker run and the first answer by hand. Without steps it is the same job as the floor; with tests the floor runs them before the build, by docker exec.',
  async run() {
    const world = await createWorld();
    try {
      const origin = await world.repository('shop', sampleApp('v0'));
      const port = await world.freePort();
      await world.call('project.apply', { config: config(origin.url, port, [clockStep('first'), clockStep('second'), 'test']) });
      await world.verdict('shop', await origin.git('rev-parse', 'HEAD'));
      const hook = await world.call('webhook.show', { project: 'shop' });
      const byHand = await prepareFloor(world, origin);
      try {
        const step = await measurePaired({ warmup: 2, runs: pairs, subject: (run) => webhookToStep(world, origin, hook, `w${run}`), floor: (run) => byHand.step(`f${run}`) });
        const more = await measurePaired({ warmup: 1, runs: pairs, subject: (run) => costOfStep(world, origin, hook, `m${run}`), floor: () => byHand.exec() });
        const tested = await measurePaired({ warmup: 1, runs: livePairs, subject: (run) => pushToLive({ world, origin, hook, port }, `live${run}`), floor: (run) => byHand.release(`hand${run}`, 'tested') });
        await world.call('project.apply', { config: config(origin.url, port, []) });
        const bare = await measurePaired({ warmup: 1, runs: livePairs, subject: (run) => pushToLive({ world, origin, hook, port }, `bare${run}`), floor: (run) => byHand.release(`barehand${run}`, 'untested') });
        return [
          rowOf({ name: 'webhook → first output of the first step', unit: 'ms', measured: step, target: { atMost: 300, ratioAtMost: 2 } }),
          rowOf({ name: 'one more step', unit: 'ms', measured: more, target: { ratioAtMost: 1.5 } }),
          rowOf({ name: 'push → new version answers, warm Node app, tests included', unit: 'ms', measured: tested, target: { atMost: 5000, ratioAtMost: 1.5 } }),
          rowOf({ name: 'the same without any step', unit: 'ms', measured: bare, target: { atMost: 5000, ratioAtMost: 1.5 } }),
        ];
      } finally {
        await byHand.close();
      }
    } finally {
      await world.close();
    }
  },
};

function clockStep(name: string): { name: string; run: string } {
  return { name, run: printClockShell };
}

function config(repository: string, port: number, pipeline: unknown[]): string {
  return stringify({
    project: 'shop', repository, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' },
    pipeline,
    environments: { production: { deploy: { branch: 'main' }, port, drain: '1s', watch: '1s' } },
  });
}

type Hook = { path: string; secret: string };

/** Pushes, sends the signed webhook at once, and answers when the run has its verdict, with the time of the webhook. */
async function pushAndWait(world: World, origin: TestRepository, hook: Hook, version: string): Promise<{ run: RunDetails; sentAt: number }> {
  const commit = await origin.push(setVersion(version));
  const sentAt = await sendWebhook(world.httpPort, hook, commit);
  const verdict = await world.verdict('shop', commit);
  if (verdict.status !== 'succeeded') throw new Error(`run ${verdict.id}: ${JSON.stringify(verdict.error)}`);
  // The next environment is made ready in the background; a warm measurement begins when it is.
  await delay(2500);
  return { run: await world.call('run.show', { run: verdict.id }), sentAt };
}

async function webhookToStep(world: World, origin: TestRepository, hook: Hook, version: string): Promise<number> {
  const { run, sentAt } = await pushAndWait(world, origin, hook, version);
  return (await clockOf(world, run, 'first')) - sentAt;
}

async function costOfStep(world: World, origin: TestRepository, hook: Hook, version: string): Promise<number> {
  const { run } = await pushAndWait(world, origin, hook, version);
  return (await clockOf(world, run, 'second')) - (await clockOf(world, run, 'first'));
}

async function pushToLive(parts: { world: World; origin: TestRepository; hook: Hook; port: number }, version: string): Promise<number> {
  const { world, origin, hook, port } = parts;
  const startedAt = performance.now();
  const commit = await origin.push(setVersion(version));
  await sendWebhook(world.httpPort, hook, commit);
  await untilAnswers(`http://127.0.0.1:${port}/`, version);
  const elapsed = performance.now() - startedAt;
  await world.verdict('shop', commit);
  await delay(2500);
  return elapsed;
}

/** Milliseconds since 1970 that the step printed. */
async function clockOf(world: World, run: RunDetails, name: string): Promise<number> {
  const step = run.steps.find((one) => one.name === name)!;
  const { data } = await world.call('log.read', { run: run.id, step: step.index, offset: 0 });
  return 1000 * Number(/at=([\d.]+)/.exec(Buffer.from(data, 'base64').toString())![1]);
}

/** Sends a push event as GitHub signs it; answers when it was sent, in ms since 1970. */
function sendWebhook(port: number, hook: Hook, commit: string): Promise<number> {
  const body = JSON.stringify({ ref: 'refs/heads/main', after: commit });
  const headers = {
    'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'x-github-event': 'push', 'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', hook.secret).update(body).digest('hex')}`,
  };
  return new Promise((resolve, reject) => {
    const sentAt = performance.timeOrigin + performance.now();
    const sent = request({ host: '127.0.0.1', port, path: hook.path, method: 'POST', headers }, (response) => {
      response.resume();
      if (response.statusCode !== 200 && response.statusCode !== 202) reject(new Error(`webhook was answered with ${response.statusCode}`));
      else resolve(sentAt);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

async function untilAnswers(url: string, version: string): Promise<void> {
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    const text = await fetch(url).then((response) => response.text(), () => '');
    if (text === version) return;
    await delay(5);
  }
  throw new Error(`Expected ${url} to answer ${version}`);
}

/** The same jobs by hand: a mirror, a tree and a container that stand ready, and a Dockerfile whose layers are cached. */
async function prepareFloor(world: World, origin: TestRepository) {
  const engine = openEngine({ instance: world.instance });
  const directory = join(world.directory, 'by-hand');
  await runOrThrow('git', ['clone', '--quiet', origin.bareDirectory, directory]);
  const image = (await runOrThrow('docker', ['images', '--filter', 'label=redcontrol=shared', '--format', '{{.Repository}}:{{.Tag}}'])).stdout.split('\n').find((line) => /node/.test(line) && !/slim/.test(line))!;
  const { id } = await startContainer(engine, {
    name: `${world.instance}-by-hand`, image, entrypoint: [], command: ['sleep', 'infinity'], init: true, labels: { role: 'run' },
    mounts: [{ kind: 'bind', source: directory, target: '/work' }], workingDir: '/work',
  });
  const docker = (...args: string[]) => runOrThrow('docker', args, { variables: { DOCKER_BUILDKIT: '1' } });
  const dockerfile = `FROM ${image}\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n`;
  const exec = async () => {
    const startedAt = performance.now();
    await docker('exec', id, 'true');
    return performance.now() - startedAt;
  };
  return {
    exec,
    async step(version: string) {
      await origin.push(setVersion(version), { branch: 'by-hand' });
      const startedAt = performance.now();
      await runOrThrow('git', ['-C', directory, 'fetch', '--quiet', 'origin', 'by-hand']);
      await runOrThrow('git', ['-C', directory, 'checkout', '--quiet', '--force', 'FETCH_HEAD']);
      await docker('exec', id, 'sh', '-c', printClockShell);
      return performance.now() - startedAt;
    },
    async release(version: string, tests: 'tested' | 'untested') {
      const name = `${world.instance}-hand`;
      const startedAt = performance.now();
      await origin.push(setVersion(version), { branch: 'by-hand' });
      await runOrThrow('git', ['-C', directory, 'fetch', '--quiet', 'origin', 'by-hand']);
      await runOrThrow('git', ['-C', directory, 'checkout', '--quiet', '--force', 'FETCH_HEAD']);
      if (tests === 'tested') await docker('exec', id, 'npm', 'test');
      await runOrThrow('/usr/bin/docker', ['build', '--quiet', '--label', `redcontrol=${world.instance}`, '--tag', name, '--file', '-', directory], { input: dockerfile, variables: { DOCKER_BUILDKIT: '1' } });
      await docker('run', '--detach', '--name', name, '--label', `redcontrol=${world.instance}`, '--env', 'PORT=3000', '--publish', '127.0.0.1:0:3000', name);
      const { stdout } = await docker('port', name, '3000');
      await untilAnswers(`http://${stdout.trim().split('\n')[0]}/`, version);
      const elapsed = performance.now() - startedAt;
      await docker('rm', '--force', name);
      return elapsed;
    },
    close: () => removeContainer(engine, id),
  };
}
