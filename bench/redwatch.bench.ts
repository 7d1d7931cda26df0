import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { killTree, runOrThrow, spawnProcess } from '@redcontrol/system';
import { startTestSshd, type TestSshd } from '../packages/client/src/test-sshd.ts';
import { lightMemory, lightNode } from '../packages/redwatch/src/service/own-command.ts';
import { startDesktop, type TestDesktop } from '../packages/redwatch/test/session-bus-of-test.ts';
import { bundle } from '../scripts/bundle.ts';
import { sampleApp, setVersion } from '../test/world/sample-app.ts';
import type { TestRepository } from '../test/world/repository.ts';
import { createWorld, type World } from '../test/world/world.ts';
import { measurePaired, summarize, type Measured, type Paired } from './measure.ts';
import { rowOf, type Bench } from './row.ts';

const notifications = 20;
const fetches = 5;
const settleMs = 10_000;
/** Of one step; two steps make the 100 MB. A step's log ends at 50 MiB. */
const logBytes = 50_000_000;

export const bench: Bench = {
  title: 'redwatch: told, at rest, and a large log',
  about:
    'The bundled redwatch with the options of its service, connected over a real sshd, with a notification service on a real session bus. Told: from the moment that the daemon writes down as the end of a run until the notification service has the notification, on one machine. At rest: resident and proportional memory (proc(5): Rss, Pss) of its process, and of the ssh that it holds. Log: a run whose two steps wrote 50 MB each, `redwatch log` from its start to its end with the checksum proven; the floor is scp (its own protocol) of the two files over the same sshd.',
  async run() {
    const world = await createWorld();
    const sshd = await startTestSshd(join(world.directory, 'sshd'));
    const desktop = await startDesktop();
    try {
      const origin = await world.repository('shop', sampleApp('v0'));
      await apply(world, origin, [{ name: 'quick', run: 'true' }]);
      // Nothing runs at the first look; the next push is told as one.
      await world.call('source.look', { project: 'shop' });
      const redwatch = await connected(world, sshd, origin);
      const background = await redwatch.background(desktop.address);
      const rest = await atRest(background.pid);
      const told = await tell({ world, origin, desktop });
      const after = await atRest(background.pid);
      await background.stop();
      const log = await fetchLog({ world, origin, sshd, redwatch });
      return [
        rowOf({ name: 'end of a run → notification received', unit: 'ms', measured: told, target: { atMost: 200 } }),
        { name: 'at rest: resident', unit: 'MB', value: rest.residentMb, target: { atMost: 60 }, runs: 1 },
        { name: 'at rest: proportional', unit: 'MB', value: rest.proportionalMb, runs: 1 },
        { name: `after ${notifications} notifications: resident`, unit: 'MB', value: after.residentMb, target: { atMost: 60 }, runs: 1 },
        { name: 'its ssh: resident', unit: 'MB', value: rest.sshMb, runs: 1 },
        rowOf({ name: 'a log of 100 MB', unit: 'MB/s', measured: log }),
      ];
    } finally {
      await desktop.stop();
      await sshd.stop();
      await world.close();
    }
  },
};

function apply(world: World, origin: TestRepository, pipeline: unknown[]) {
  return world.call('project.apply', { config: stringify({ project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1s' }, pipeline, environments: { production: { deploy: { branch: 'nothing' } } } }) });
}

interface BenchedRedwatch {
  /** Runs a command to its end, with what it prints thrown away. */
  run(...args: string[]): Promise<void>;
  /** Starts `redwatch run` as its service does, and waits until it follows the server. */
  background(bus: string): Promise<{ pid: number; stop(): Promise<void> }>;
}

async function connected(world: World, sshd: TestSshd, origin: TestRepository): Promise<BenchedRedwatch> {
  const programs = await bundle(join(world.directory, 'programs'));
  const program = (name: string) => programs.find((one) => one.name === name)!.path;
  const key = await sshd.addKey('bench', ['env', `REDCONTROL_RUN_DIRECTORY=${join(world.directory, 'run')}`, process.execPath, program('redcontrol-daemon'), 'connect', '--local']);
  const home = join(world.directory, 'home');
  await mkdir(home, { recursive: true });
  const own = { HOME: home, XDG_CONFIG_HOME: '', XDG_STATE_HOME: '', LC_ALL: 'C.UTF-8' };
  const run = (...args: string[]) => new Promise<void>((resolve, reject) => {
    const child = spawnProcess(process.execPath, [program('redwatch'), ...args], { cwd: origin.workDirectory, variables: own, stdout: 'ignore' });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`redwatch ${args.join(' ')}: ${said}`))));
  });
  await run('connect', `${userInfo().username}@127.0.0.1:${sshd.target.port}`, '--name', 'main', '--ssh-config', sshd.target.configFile!, '--identity', key, '--accept-host-key', sshd.fingerprint);
  return {
    run,
    async background(bus) {
      const child = spawnProcess(process.execPath, [...lightNode, program('redwatch'), 'run'], { cwd: home, variables: { ...own, ...lightMemory, NODE_COMPILE_CACHE: join(home, '.cache', 'redwatch'), DBUS_SESSION_BUS_ADDRESS: bus } });
      let said = '';
      child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
      while (!said.includes('main: connected')) {
        if (child.exitCode !== null) throw new Error(`redwatch run has ended: ${said}`);
        await delay(50);
      }
      return { pid: child.pid!, stop: () => new Promise((resolve) => { child.once('close', () => resolve()); killTree(child, 'SIGTERM'); }) };
    },
  };
}

/** Empty commits of a branch that deploys nowhere: nothing but the run's end is told. */
async function tell({ world, origin, desktop }: { world: World; origin: TestRepository; desktop: TestDesktop }): Promise<Measured> {
  const figures: number[] = [];
  for (let count = 0; count < notifications + 2; count += 1) {
    const message = `Told ${count} of ${notifications}`;
    const commit = await origin.push(setVersion(`t${count}`), { message });
    await world.call('source.look', { project: 'shop' });
    const receivedAt = desktop.seen(({ body }) => body.startsWith(message)).then(() => Date.now());
    const { finishedAt } = await world.verdict('shop', commit);
    if (count >= 2) figures.push((await receivedAt) - finishedAt!);
  }
  return summarize(figures);
}

async function atRest(pid: number): Promise<{ residentMb: number; proportionalMb: number; sshMb: number }> {
  await delay(settleMs);
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  const own = await memory(pid);
  let sshMb = 0;
  for (const child of children) sshMb += (await memory(Number(child))).residentMb;
  return { ...own, sshMb };
}

async function memory(pid: number): Promise<{ residentMb: number; proportionalMb: number }> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)![1]) / 1024;
  return { residentMb: megabytes('Rss'), proportionalMb: megabytes('Pss') };
}

async function fetchLog({ world, origin, sshd, redwatch }: { world: World; origin: TestRepository; sshd: TestSshd; redwatch: BenchedRedwatch }): Promise<Paired> {
  const command = `yes 'PASS  tests/cart.test.js > adds an article, and the sum is that of both' | head -c ${logBytes}`;
  await apply(world, origin, ['first', 'second'].map((name) => ({ name, run: command })));
  const commit = await origin.push(setVersion('large'), { message: 'Log much' });
  const run = await world.verdict('shop', commit, 240_000);
  if (run.status !== 'succeeded') throw new Error(`run ${run.id}: ${JSON.stringify(run.error)}`);
  const files = await largeFiles(join(world.directory, 'data'));
  if (files.length !== 2) throw new Error(`Expected the logs of two steps, got ${files.join(', ')}`);
  const key = await sshd.addKey('floor');
  const target = join(world.directory, 'copied');
  const megabytes = (2 * logBytes) / 1e6;
  const perSecond = async (work: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await work();
    return megabytes / ((performance.now() - startedAt) / 1000);
  };
  return measurePaired({
    runs: fetches,
    subject: () => perSecond(() => redwatch.run('log', String(run.id))),
    floor: async () => {
      await rm(target, { recursive: true, force: true });
      await mkdir(target);
      const from = files.map((file) => `${userInfo().username}@127.0.0.1:${file}`);
      return perSecond(() => runOrThrow('scp', ['-O', '-q', '-F', sshd.target.configFile!, '-i', key, '-P', String(sshd.target.port), '--', ...from, target], { timeoutMs: 120_000 }));
    },
  });
}

async function largeFiles(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const named = files.filter((file) => file.isFile() && file.name.endsWith('.log')).map((file) => join(file.parentPath, file.name));
  const sizes = await Promise.all(named.map(async (file) => (await readFile(file)).length));
  return named.filter((_, index) => sizes[index]! >= logBytes);
}
