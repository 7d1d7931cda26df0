import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppProcessState } from '@redcontrol/contract';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { connectSocket } from '@redcontrol/control';
import { stringify } from 'yaml';
import { sampleApp } from '../world/sample-app.ts';
import { createWorld, type World } from '../world/world.ts';

let world: World;
let port: number;
let socket: string;
let developer = '';
const place = { project: 'shop', environment: 'production' };

before(async () => {
  world = await createWorld({ REDCONTROL_WARM_COUNT: '0' });
  const origin = await world.repository('shop', sampleApp('v1', { 'worker.js': "let n = 0; setInterval(() => console.log('beat ' + (n += 1)), 200);\n", 'falls.js': "console.log('about to fall'); setTimeout(() => process.exit(9), 100);\n" }));
  port = await world.freePort();
  socket = join(world.directory, 'run', 'daemon.sock');
  const key = join(world.directory, 'developer');
  await runOrThrow('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  developer = (await runOrThrow('ssh-keygen', ['-lf', `${key}.pub`])).stdout.split(' ')[1]!;
  await world.call('project.apply', {
    config: stringify({
      project: 'shop', repository: origin.url, servers: { main: { host: '127.0.0.1' } }, source: { poll: '1h' }, pipeline: [],
      people: [{ name: 'Boris', role: 'developer', key: (await runOrThrow('cat', [`${key}.pub`])).stdout.trim() }],
      processes: { web: { instances: 2 }, worker: { run: 'node worker.js', memory: '128M' }, falls: { run: 'node falls.js', instances: 0 } },
      environments: { production: { deploy: { branch: 'main', tag: 'v*' }, port, watch: '500ms', drain: '1s' } },
    }),
  });
  const run = await world.call('deploy', { ...place, ref: 'main' });
  await until(async () => (await world.call('run.show', { run: run.id })).finishedAt !== null);
  assert.equal((await world.call('run.show', { run: run.id })).status, 'succeeded');
});
after(() => world.close());

test('each container is told with its state and use', async () => {
  const { web, worker } = await processes();
  assert.deepEqual([web!.wanted, web!.instances.map(({ name, state, restarts }) => [name, state, restarts])], [2, [['r1-web-1', 'running', 0], ['r1-web-2', 'running', 0]]]);
  const [beat] = worker!.instances;
  assert.equal(beat!.memoryLimitBytes, 128 * 1024 ** 2);
  assert.ok(beat!.memoryBytes! > 1e6 && beat!.memoryBytes! < 128 * 1024 ** 2 && beat!.cpus! >= 0 && beat!.processCount! >= 1, JSON.stringify(beat));
});

test('logs are followed, chosen by process, time and text, and go on over a restart', async () => {
  const client = await connectSocket(socket, { clientName: 'test' });
  const heard: string[] = [];
  client.on('app-log', ({ process, text }) => heard.push(`${process}: ${text}`));
  const stop = new AbortController();
  const following = client.call('app.follow', { ...place, token: 'a', process: 'worker', grep: 'beat 1' }, { signal: stop.signal }).catch((error: { code: string }) => error.code);
  await until(async () => heard.join('').includes('beat 1'));
  const before = heard.length;
  await world.call('app.restart', { ...place, process: 'worker' });
  await until(async () => heard.length > before && heard.slice(before).join('').includes('beat 1\n'));
  assert.ok(heard.join('').split('\n').filter(Boolean).every((line) => /^(worker: )?beat 1/.test(line)), heard.join(''));
  stop.abort();
  assert.deepEqual(await following, {}, 'a follower that is cancelled has simply ended');
  await client.close();
  const { text } = await world.call('environment.logs', { ...place, process: 'worker', lines: 1000, since: Date.now() - 1000 });
  const beats = text.split('\n').filter((line) => line.startsWith('beat'));
  assert.ok(beats.length >= 1 && beats.length <= 8, text);
});

test('a command in a container has its own streams and exit code', async () => {
  const program = join(import.meta.dirname, '../../packages/control/src/main.ts');
  const exec = (args: string[], stdin?: string) => runToEnd(process.execPath, [program, '--socket', socket, 'app', 'exec', '-e', 'production', ...args], { timeoutMs: 30_000, ...(stdin === undefined ? {} : { input: stdin }) });
  const ended = await exec(['-p', 'worker', '--', 'sh', '-c', 'cat; echo wrong >&2; echo $REDCONTROL_PROCESS; exit 42'], 'given\n');
  assert.deepEqual([ended.exitCode, ended.stdout, ended.stderr.replace(/.*Warning.*\n/g, '')], [42, 'given\nworker\n', 'wrong\n']);
  const big = await exec(['--', 'sh', '-c', 'wc -c'], 'x'.repeat(3_000_000));
  assert.deepEqual([big.exitCode, big.stdout.trim()], [0, '3000000']);
  assert.equal((await exec(['--instance', '7', '--', 'true'])).exitCode, 3);
});

/** Types into a terminal of its own, made by the kernel, and tells all that came out; python's pty makes it. */
const typist = `
import os, pty, sys, time, select, struct, fcntl, termios, signal
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
def size(rows, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0)); os.kill(pid, signal.SIGWINCH)
def wait(text, seconds=20):
    global seen
    end = time.time() + seconds
    while text not in seen:
        if time.time() > end: sys.stdout.write(repr(seen)); sys.exit(99)
        if select.select([fd], [], [], 0.1)[0]:
            try: seen += os.read(fd, 4096)
            except OSError: break
def say(text): os.write(fd, text)
size(30, 100)
wait(b'$ ')
say(b'stty size; echo size"-"told\\n'); wait(b'size-told')
size(41, 123); time.sleep(0.7)
say(b'stty size; echo again"-"told\\n'); wait(b'again-told')
say(b'sleep 500; echo not"-"reached\\n'); time.sleep(0.7)
say(b'\\x03'); time.sleep(0.3)
say(b'echo after"-"interrupt $?\\n'); wait(b'after-interrupt 130')
say(b'exit 7\\n')
_, status = os.waitpid(pid, 0)
sys.stdout.write(seen.decode('utf8', 'replace'))
sys.exit(os.waitstatus_to_exitcode(status))
`;

test('a shell has a terminal: its size follows the window, Ctrl-C goes to the program, the exit code comes back', async () => {
  const program = join(import.meta.dirname, '../../packages/control/src/main.ts');
  const ended = await runToEnd('python3', ['-c', typist, process.execPath, program, '--socket', socket, 'app', 'shell', '-e', 'production'], { timeoutMs: 60_000 });
  assert.equal(ended.exitCode, 7, ended.stdout);
  assert.match(ended.stdout, /30 100/);
  assert.match(ended.stdout, /41 123/);
  assert.doesNotMatch(ended.stdout, /not-reached/);
});

test('who goes away takes the program along with all it started, and nothing of the app', async () => {
  const client = await connectSocket(socket, { clientName: 'test' });
  const running = client.call('app.exec', { ...place, session: 's', command: ['sh', '-c', 'setsid sleep 777 & sleep 778'] }).catch(() => {});
  await until(async () => (await sleeps()).length === 2);
  await client.close();
  await running;
  await until(async () => (await sleeps()).length === 0);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v1');
  assert.equal((await processes()).web!.instances[0]!.restarts, 0);
});

test('sessions are their connection\'s own, and a developer has none', async () => {
  const [one, other] = [await connectSocket(socket, { clientName: 'test' }), await connectSocket(socket, { clientName: 'test' })];
  const running = one.call('app.exec', { ...place, session: 'mine', command: ['cat'] });
  await until(async () => one.call('app.input', { session: 'mine', data: '' }).then(() => true, () => false));
  await assert.rejects(other.call('app.input', { session: 'mine', data: '' }), { code: 'NOT_FOUND' });
  await one.call('app.input', { session: 'mine', data: '', end: true });
  assert.equal((await running).exitCode, 0);
  const boris = await connectSocket(socket, { clientName: 'test', as: developer });
  await assert.rejects(boris.call('app.exec', { ...place, session: 'b', command: ['id'] }), { code: 'FORBIDDEN' });
  for (const client of [one, other, boris]) await client.close();
});

test('web is restarted and scaled without a lost request; stopped it stays stopped, also for the next daemon', async () => {
  const watcher = watchAnswers();
  await world.call('app.restart', { ...place, process: 'web' });
  await world.call('app.scale', { ...place, process: 'web', instances: 3 });
  await world.call('app.scale', { ...place, process: 'web', instances: 1 });
  const { answers, lost } = await watcher.stop();
  assert.equal(lost, 0, `${lost} of ${answers}`);
  assert.ok(answers > 20, `${answers}`);
  await world.call('app.stop', place);
  await world.kill('SIGKILL');
  await world.start();
  const stopped = await processes();
  assert.deepEqual(Object.values(stopped).map(({ process, stopped: is, instances }) => [process, is, instances.length]), [['web', true, 0], ['worker', true, 0], ['falls', true, 0]]);
  assert.equal((await world.call('environment.list', { project: 'shop' }))[0]!.health, 'stopped');
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 503);
  const started = await world.call('app.start', place);
  assert.deepEqual(started.map(({ process, instances }) => [process, instances.length]), [['web', 1], ['worker', 1], ['falls', 0]]);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'v1');
});

test('a process that falls again and again is a state, told once with its last lines', async () => {
  await world.call('app.scale', { ...place, process: 'falls', instances: 1 });
  await until(async () => (await processes()).falls!.crashLoopSince !== null, 60_000);
  await delay(12_000);
  const told = (await world.call('events.list', { after: 0, limit: 1000 })).filter(({ kind }) => kind === 'process.crash-loop' || kind.startsWith('environment.'));
  assert.deepEqual(told.map(({ kind, data }) => [kind, data.process]), [['process.crash-loop', 'falls']]);
  assert.match(String(told[0]!.data.lastLines), /about to fall/);
  await world.call('app.scale', { ...place, process: 'falls', instances: 0 });
  await until(async () => (await processes()).falls!.crashLoopSince === null, 30_000);
});

test('the audit log has who asked for what and who was refused, and cannot be changed', async () => {
  await world.call('secret.set', { ...place, name: 'TOKEN', value: 'a-very-secret-value' });
  const audit = await world.call('audit.list', { limit: 1000 });
  const refused = audit.find(({ outcome }) => outcome === 'refused');
  assert.deepEqual([refused?.name, refused?.method, refused?.key, refused?.errorCode], ['Boris', 'app.exec', developer, 'FORBIDDEN']);
  assert.ok(audit.some(({ method, detail, name }) => method === 'app.scale' && detail === 'process web, instances 3' && name === 'root on the server'));
  assert.ok(audit.some(({ method, detail }) => method === 'secret.set' && detail === 'name TOKEN'));
  assert.ok(!JSON.stringify(audit).includes('a-very-secret-value'));
  assert.ok(audit.every(({ method }) => method !== 'app.list' && method !== 'events.list'));
  const database = new DatabaseSync(join(world.directory, 'data', 'state.db'));
  assert.throws(() => database.exec('DELETE FROM audit'), /append-only/);
  assert.throws(() => database.exec(`UPDATE audit SET name = 'nobody'`), /append-only/);
  database.close();
});

async function processes(): Promise<Record<string, AppProcessState>> {
  return Object.fromEntries((await world.call('app.list', place)).map((one) => [one.process, one]));
}

async function sleeps(): Promise<string[]> {
  const client = await connectSocket(socket, { clientName: 'test' });
  let said = '';
  client.on('app-output', ({ data }) => (said += Buffer.from(data, 'base64').toString()));
  await client.call('app.exec', { ...place, session: 'ps', command: ['sh', '-c', 'for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline 2>/dev/null; echo; done'] });
  await client.close();
  return said.split('\n').filter((line) => /^sleep 77\d/.test(line.trim()));
}

function watchAnswers() {
  let [answers, lost, isStopped] = [0, 0, false];
  const done = (async () => {
    while (!isStopped) {
      const status = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) }).then((response) => response.status, () => 0);
      answers += 1;
      if (status !== 200) lost += 1;
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

async function until(isTrue: () => Promise<boolean>, timeoutMs = 40_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; !(await isTrue()); ) {
    assert.ok(Date.now() < end, `It did not come true within ${timeoutMs} ms: ${isTrue.toString()}\n${world.daemonLog().slice(-3000)}`);
    await delay(100);
  }
}
