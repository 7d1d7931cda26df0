import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runOrThrow, runToEnd } from '@redcontrol/system';
import { openEngine, purgeInstance, startContainer } from '@redcontrol/daemon';
import type { RunEnvironment } from '../../packages/daemon/src/environment/index.ts';
import { takeImage } from '../../packages/daemon/src/machine/take-image.ts';
import { createMachineWorld, runningLinks, type MachineWorld } from './machine-world.ts';

let world: MachineWorld;
let first: RunEnvironment;
let second: RunEnvironment;
let linksBefore: string[];

before(async () => {
  linksBefore = await runningLinks();
  world = await createMachineWorld();
  first = await world.place();
  second = await world.place();
});
after(() => world.close());

test('two machines from one saved state share neither chance, name nor identity, and know what time it is', async () => {
  const look = 'cat /proc/sys/kernel/random/uuid; head -c 32 /dev/urandom | od -An -tx1 | tr -d "\\n"; echo; date +%s';
  const seen = await Promise.all([first, second].map(async (place) => ({
    step: (await world.step(place, look)).output.trim().split('\n'),
    machine: (await world.machineOf(place).ask('identity', { timeoutMs: 60_000 })).split(' '),
  })));
  const [one, two] = seen as [typeof seen[0], typeof seen[0]];
  for (const index of [0, 1]) assert.notEqual(one.step[index], two.step[index], 'what a container gets by chance');
  for (const index of [0, 1, 3]) assert.notEqual(one.machine[index], two.machine[index], 'machine id, name, what the machine gets by chance');
  for (const { step, machine: [id, name, hostKeys, , seconds] } of seen) {
    assert.match(id!, /^[0-9a-f]{32}$/);
    assert.match(name!, /^run-[0-9a-f]{10}$/);
    assert.equal(hostKeys, '0', 'there is no ssh server whose keys could be the same');
    for (const clock of [step[2], seconds]) assert.ok(Math.abs(Number(clock) - Date.now() / 1000) < 60, `the clock says ${clock}`);
  }
});

test('steps are taken without the engine, with their output, exit code and time limit', async () => {
  assert.deepEqual(await world.step(first, 'echo out; echo err >&2; exit 3'), { exitCode: 3, output: 'out\nerr\n' });
  assert.equal((await commandsOf(first)).length, 1, 'the one that stands ready');
  const late = await world.step(second, 'sleep 600 & sleep 600', 1_000);
  assert.equal(late.exitCode, 137);
  // What stood ready was killed with it: the engine takes over.
  assert.deepEqual(await world.step(second, 'echo again; ps -e 2> /dev/null | grep -c sleep.600 || true'), { exitCode: 0, output: 'again\n0\n' });
});

/** Each a way out that a step may try: an address and a port that something of ours listens on. */
test('a step reaches nothing of the server, its machines and its networks', async () => {
  const trap = await listen('0.0.0.0');
  const { port, connections } = trap;
  const metadata = await runToEnd('ip', ['address', 'add', '169.254.169.254/32', 'dev', 'lo']);
  const engine = openEngine({ instance: `test-trap-${process.pid}` });
  try {
    const { id } = await startContainer(engine, {
      name: `${engine.instance}-other`, image: (await first.engine.docker.listImages()).flatMap((image) => image.RepoTags ?? []).find((tag) => tag.includes('node'))!,
      command: ['node', '-e', `require('net').createServer((s) => s.end()).listen(${port})`], labels: { role: 'run' },
    });
    const other = (await engine.docker.getContainer(id).inspect()).NetworkSettings.Networks['bridge']!.IPAddress;
    const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []).filter((one) => one.family === 'IPv4' && !one.internal).map((one) => one.address);
    const links = await runningLinks();
    const targets = [
      ...['127.0.0.1', '10.0.2.2', '10.213.0.1', '169.254.169.254', other, ...own].map((host) => [host, port]),
      ...own.flatMap((host) => [[host, 22], [host, 80], [host, 2375]]),
      ...links.map((link) => [`10.213.${link.slice(4)}.2`, 2376]), ...links.map((link) => [`10.213.${link.slice(4)}.1`, port]),
      ['10.255.255.53', 853], ['192.168.0.1', 80], ['172.17.0.1', port],
    ];
    const files = ['/var/run/docker.sock', '/run/docker.sock', '/run/redcontrol/daemon.sock', '/var/lib/redcontrol/state.db', world.directory];
    const { output } = await world.step(first, `node - <<'END'\n${attempts(targets, files)}\nEND`, 300_000);
    const reached = JSON.parse(output.trim().split('\n').at(-1)!) as string[];
    const tried = targets.length + files.length;
    assert.deepEqual(reached, [], `${tried} ways were tried`);
    assert.equal(connections(), 0, 'nobody came');
    process.stdout.write(`${tried} of ${tried} ways out of a virtual machine are closed\n`);
    // The trap itself works: the server can reach what the step could not.
    await runOrThrow('bash', ['-c', `exec 3<>/dev/tcp/127.0.0.1/${port}; exec 3<>/dev/tcp/${other}/${port}`], { timeoutMs: 10_000 });
    assert.equal(connections(), 1);
  } finally {
    trap.server.close();
    if (metadata.exitCode === 0) await runToEnd('ip', ['address', 'del', '169.254.169.254/32', 'dev', 'lo']);
    await purgeInstance(engine);
  }
});

test('a step reaches what a build needs: names are resolved and registries answer', async () => {
  const { output } = await world.step(first, 'node -e "fetch(\'https://registry.npmjs.org/picomatch\').then((r) => console.log(r.status))"');
  assert.match(output, /^200$/m);
});

test('the tree goes in, changes follow, and what the step made stays', async () => {
  await mkdir(join(first.treeDirectory, 'src'), { recursive: true });
  await writeFile(join(first.treeDirectory, 'src/a.txt'), 'one');
  await writeFile(join(first.treeDirectory, '-b c.txt'), 'two');
  await first.sendTree();
  assert.equal((await world.step(first, 'cat src/a.txt; cat -- "-b c.txt"; echo made > made.txt; stat -c %u src')).output, 'onetwo10001\n');
  await runOrThrow('rm', ['-r', '--', join(first.treeDirectory, 'src')]);
  await writeFile(join(first.treeDirectory, '-b c.txt'), 'three');
  await first.sendTree();
  assert.equal((await world.step(first, 'ls; cat -- "-b c.txt"')).output, '-b c.txt\nmade.txt\nthree');
});

test('reports come out as plain files, links and what lies outside do not', async () => {
  await world.step(first, 'mkdir -p reports && echo "<testsuites/>" > reports/junit.xml && ln -s /etc/passwd reports/passwd.xml && mkfifo reports/pipe.xml');
  const directory = await first.reportsDirectory();
  const found = await runOrThrow('find', [directory, '-type', 'f', '-printf', '%P\n']);
  assert.equal(found.stdout, 'reports/junit.xml\n');
});

test('an image leaves the machine byte for byte, without the layers that are known', async () => {
  const container = first.engine.docker.getContainer(await first.container());
  const text = `mkdir /tmp/odd && cd /tmp/odd && echo a > "a 'b\\" c" && echo b > "$(printf 'line\\nline')" && echo c > 'ü\\u00fc <&>' && echo d > "$(printf 'raw\\377')" && ln 'ü\\u00fc <&>' hard && ln -s /etc/passwd soft && : > empty && head -c 3000000 /dev/urandom > large`;
  assert.deepEqual(await world.step(first, text), { exitCode: 0, output: '' });
  const { Id: id } = (await container.commit({ pause: false })) as { Id: string };
  const layers = (await first.engine.docker.getImage(id).inspect()).RootFS.Layers!;
  const file = join(world.directory, 'image.tar');
  const engine = openEngine({ instance: `test-image-${process.pid}` });
  try {
    await takeImage(world.machineOf(first), { id, leftOut: layers.length - 1, file });
    assert.ok((await stat(file)).size < 4_000_000, 'one layer of the image');
    // The engine compares each layer with its checksum, and those that were left out with what it has.
    for await (const chunk of await engine.docker.loadImage(createReadStream(file), { quiet: true })) void chunk;
    assert.deepEqual((await engine.docker.getImage(id).inspect()).RootFS.Layers, layers);
  } finally {
    await engine.docker.getImage(id).remove().catch(() => {});
  }
});

test('a full disk is the machine’s own, and takes no more of the server than it may', async () => {
  const { output } = await world.step(second, 'fallocate -l 100G big || :; rm -f big; sync; free=$(df --output=avail -B1 . | tail -n 1); fallocate -l $((free - 16777216)) big; head -c 64M /dev/zero > more || :; rm big more', 120_000);
  assert.equal(output.match(/No space left on device/g)?.length, 2, output);
  const disk = join(world.machineOf(second).directory, 'data.qcow2');
  const { 'virtual-size': mostBytes, 'actual-size': bytes } = JSON.parse((await runOrThrow('qemu-img', ['info', '-U', '--output=json', disk])).stdout) as Record<string, number>;
  assert.equal(mostBytes, 14 * 1024 ** 3, '`limits.disk` and the system’s 12 GiB');
  assert.ok(bytes! < 1024 ** 3, `${bytes} bytes on the server`);
});

test('a fork bomb and a memory hog stay in their machine: the server sees one process of known size', async () => {
  const pid = (await readFile(join(world.machineOf(second).directory, 'pid'), 'utf8')).trim();
  const processesBefore = await countProcesses();
  const bombs = ['bomb() { bomb | bomb & }; bomb; sleep 600', 'node -e "const all = []; for (;;) all.push(Buffer.alloc(16e6, 1))"; sleep 600'];
  const exploded = bombs.map((text) => world.step(second, text).catch(() => {}));
  await delay(bombsMs);
  assert.equal((await world.step(first, 'echo alive')).output, 'alive\n');
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  assert.ok(peakBytes < (1280 + 512) * 1024 ** 2, `QEMU took ${peakBytes} bytes at most`);
  assert.equal((await readdir(`/proc/${pid}/task`)).length < 64, true, 'QEMU has a few threads');
  assert.equal(/^(?:\S+ ){18}(\S+)/.exec((await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/\(.*\)/, 'qemu'))?.[1], '10', 'it yields to what serves people');
  assert.ok((await countProcesses()) < processesBefore + 200, 'no process of the bomb is one of the server');
  await second.dispose();
  await Promise.all(exploded);
});

test('nothing is left of a machine that was thrown away', async () => {
  await Promise.all([first.dispose(), second.dispose()]);
  assert.deepEqual((await runningLinks()).filter((link) => !linksBefore.includes(link)), []);
  const { stdout } = await runOrThrow('ps', ['-eo', 'args']);
  assert.ok(!stdout.includes(world.directory), 'no process of it runs');
});

/** Commands that the engine of a place has in hand. */
async function commandsOf(place: RunEnvironment): Promise<string[]> {
  return (await place.engine.docker.getContainer(await place.container()).inspect()).ExecIDs ?? [];
}

/** Long enough for both to fill what they are given. */
const bombsMs = 8_000;

async function countProcesses(): Promise<number> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).length;
}

async function listen(host: string): Promise<{ server: Server; port: number; connections(): number }> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { server, port: (server.address() as { port: number }).port, connections: () => count };
}

/** Program of the step: prints as its last line what it could reach. */
function attempts(targets: unknown[], files: string[]): string {
  return `
const { connect } = require('net');
const { existsSync } = require('fs');
const tryOne = ([host, port]) => new Promise((resolve) => {
  const socket = connect({ host, port, timeout: 4000 });
  socket.on('connect', () => { socket.destroy(); resolve(host + ':' + port); });
  socket.on('timeout', () => { socket.destroy(); resolve(); });
  socket.on('error', () => resolve());
});
Promise.all(${JSON.stringify(targets)}.map(tryOne)).then((reached) => console.log(JSON.stringify([...reached.filter(Boolean), ...${JSON.stringify(files)}.filter(existsSync)])));`;
}
