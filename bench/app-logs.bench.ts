import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killTree, runOrThrow, spawnProcess } from '@redcontrol/system';
import { stringify } from 'yaml';
import { createWorld, type World } from '../test/world/world.ts';
import { measure, measurePaired } from './measure.ts';
import { rowOf, type Bench } from './row.ts';
import { smallApp } from './small-app.ts';

const place = { project: 'shop', environment: 'production' };
const printedBytes = 1024 ** 3;
const deadlineMs = 300_000;
/** A hundred characters a line. */
const line = 'a line of an app that says much '.padEnd(99, '.');
const printer = `$| = 0; my $line = "${line}\\n"; for (1 .. ${Math.ceil(printedBytes / 100)}) { print $line } print "all is printed\\n"; $| = 1; print ""; sleep 1000000;`;

export const bench: Bench = {
  title: 'First byte of an app\'s log',
  about: 'A process prints 1 GB. What is kept of it is bounded (three files of 10 MB a container), so this is the time until the first byte of the last lines, from the start of the bundled command `redcontrol app logs` over the daemon\'s socket. Floor: `docker logs` with the same number of lines, in the same run.',
  async run() {
    const world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
    try {
      const origin = await world.repository('shop', { ...smallApp, Dockerfile: smallApp.Dockerfile.replace('server.pl ./', 'server.pl print.pl ./'), 'print.pl': printer });
      await world.call('project.apply', { config: stringify({
        project: 'shop', repository: origin.url, framework: 'dockerfile', images: { source: 'debian' }, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: [],
        processes: { web: { memory: '64M' }, printer: { run: 'exec perl print.pl', memory: '64M' } }, environments: { production: { deploy: { branch: 'main', tag: 'v*' }, port: await world.freePort(), watch: '200ms', drain: '100ms' } },
      }) });
      const { id } = await world.call('deploy', { ...place, ref: 'main' });
      const until = Date.now() + deadlineMs;
      while (!(await printedAll(world))) {
        const { status, error } = await world.call('run.show', { run: id });
        if (status === 'failed' || Date.now() > until) throw new Error(`Expected the app to print: ${status} ${JSON.stringify(error)}`);
        await delay(1000);
      }
      const container = `rc-${world.instance}-shop--production--r1-printer-1`;
      const rows = [];
      for (const lines of [200, 10_000]) {
        const measured = await measurePaired({ runs: 7, subject: () => firstByteMs(process.execPath, [join(import.meta.dirname, '../dist/redcontrol.mjs'), '--socket', join(world.directory, 'run', 'daemon.sock'), 'app', 'logs', '-e', 'production', '-p', 'printer', '-n', String(lines)]), floor: () => firstByteMs('docker', ['logs', '--tail', String(lines), container]) });
        rows.push(rowOf({ name: `first byte of the last ${lines} lines`, unit: 'ms', measured, ...(lines === 200 ? { target: { atMost: 1000 } } : {}) }));
      }
      const answer = await measure({ runs: 11, task: async () => void (await world.call('environment.logs', { ...place, process: 'printer', lines: 200 })) });
      rows.push(rowOf({ name: 'the last 200 lines over a connection that is open', unit: 'ms', measured: answer }));
      const { stdout } = await runOrThrow('docker', ['inspect', '--format', '{{.LogPath}}', container]);
      const kept = await runOrThrow('sh', ['-c', 'cat "$1"* | wc -c', 'sh', stdout.trim()]).then(({ stdout: bytes }) => Number(bytes) / 1024 ** 2, () => NaN);
      return [...rows, ...(Number.isNaN(kept) ? [] : [{ name: 'kept of 1 GB printed', unit: 'MB', value: kept, target: { atMost: 32 }, runs: 1 }])];
    } finally {
      await world.close();
    }
  },
};

async function printedAll(world: World): Promise<boolean> {
  return (await world.call('environment.logs', { ...place, process: 'printer', lines: 5 }).catch(() => ({ text: '' }))).text.includes('all is printed');
}

async function firstByteMs(command: string, args: string[]): Promise<number> {
  const startedAt = performance.now();
  const child = spawnProcess(command, args);
  const ended = once(child, 'close');
  await once(child.stdout!, 'data');
  const tookMs = performance.now() - startedAt;
  child.stdout!.resume();
  child.stderr!.resume();
  await Promise.race([ended, delay(20_000)]);
  killTree(child);
  return tookMs;
}
