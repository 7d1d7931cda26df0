import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import type { MethodName, Params, Result, RunRecord } from '@redcontrol/contract';
import { connectSocket, type DaemonClient } from '@redcontrol/control';
import { openEngine, purgeInstance, spawnHaproxy } from '@redcontrol/daemon';
import { killTree, runOrThrow, spawnProcess } from '@redcontrol/system';
import { createRepository, type TestRepository } from './repository.ts';

/** A daemon of its own as a real process, with a real HAProxy, engine and repository; all of it gone after close(). */
export interface World {
  directory: string;
  instance: string;
  httpPort: number;
  daemonPid(): number;
  daemonLog(): string;
  proxyLog(): string;
  /** A port that no other world uses, for an environment without a domain. */
  freePort(): Promise<number>;
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  client(): Promise<DaemonClient>;
  repository(name: string, files: Record<string, string>): Promise<TestRepository>;
  /** Waits until a run of the commit has its verdict. */
  verdict(project: string, commit: string, timeoutMs?: number): Promise<RunRecord>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the daemon again after a kill, with extra variables. */
  start(variables?: Record<string, string>): Promise<void>;
  /** Resolves when the daemon process has ended. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  program?: string;
  /** Given to Node before the program. */
  nodeFlags?: readonly string[];
  /** Puts the daemon's data on a disk of their own, in memory, of this size. */
  dataBytes?: number;
}

export async function createWorld(variables: Record<string, string> = {}, options: WorldOptions = {}): Promise<World> {
  const program = options.program ?? join(import.meta.dirname, '../../packages/daemon/src/main.ts');
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-test-'));
  // git writes working trees as the steps' user, who has to get through.
  await chmod(directory, 0o711);
  const instance = `test-${randomBytes(3).toString('hex')}`;
  const runDirectory = join(directory, 'run');
  const dataDirectory = join(directory, 'data');
  const proxyDirectory = join(dataDirectory, 'haproxy');
  await mkdir(runDirectory, { recursive: true });
  await mkdir(dataDirectory);
  if (options.dataBytes !== undefined) await runOrThrow('mount', ['-t', 'tmpfs', '-o', `size=${options.dataBytes},mode=711`, 'tmpfs', dataDirectory]);
  await mkdir(proxyDirectory);
  const [httpPort, httpsPort] = [await freePort(), await freePort()];
  const haproxy = await spawnHaproxy({ directory: proxyDirectory, runDirectory, httpPort, httpsPort });
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let client: DaemonClient | undefined;
  const log: string[] = [];

  const start = async (extra: Record<string, string> = {}) => {
    const started = spawnProcess(process.execPath, [...(options.nodeFlags ?? []), program, 'serve'], {
      variables: {
        REDCONTROL_DATA_DIRECTORY: dataDirectory, REDCONTROL_RUN_DIRECTORY: runDirectory, REDCONTROL_INSTANCE: instance,
        REDCONTROL_HTTP_PORT: String(httpPort), REDCONTROL_HTTPS_PORT: String(httpsPort), REDCONTROL_MIN_POLL_MS: '300',
        REDCONTROL_PUBLIC_HOST: '127.0.0.1', NODE_NO_WARNINGS: '1', ...variables, ...extra,
      },
    });
    child = started;
    ended = new Promise((resolve) => started.once('close', () => resolve()));
    const keep = (chunk: Buffer) => {
      log.push(chunk.toString());
      if (log.length > 2000) log.shift();
    };
    started.stdout?.on('data', keep);
    started.stderr?.on('data', keep);
    client = undefined;
  };

  const connect = async () => {
    if (client) return client;
    for (let attempt = 0; ; attempt += 1) {
      try {
        client = await connectSocket(join(runDirectory, 'daemon.sock'), { clientName: 'test' });
        return client;
      } catch (error) {
        if (attempt > 300 || child?.exitCode !== null) throw new Error(`The daemon does not answer:\n${log.join("")}\n${haproxy.output()}`, { cause: error });
        await delay(100);
      }
    }
  };

  await start();
  const world: World = {
    directory, instance, httpPort, freePort, start, client: connect,
    daemonPid: () => child?.pid ?? 0,
    daemonLog: () => log.join(''),
    proxyLog: () => haproxy.output(),
    call: async (method, params) => (await connect()).call(method, params),
    repository: (name, files) => createRepository(join(directory, 'repositories', name), files),
    async verdict(project, commit, timeoutMs = 120_000) {
      const until = Date.now() + timeoutMs;
      while (Date.now() < until) {
        const run = await world.call('run.wait', { project, commit, timeoutMs: 5_000 }).catch(() => null);
        if (run?.finishedAt) return run;
        await delay(200);
        if (child?.exitCode !== null) throw new Error(`The daemon has ended:\n${log.slice(-60).join('')}`);
      }
      throw new Error(`No verdict of ${commit} within ${timeoutMs} ms:\n${log.slice(-60).join('')}`);
    },
    async kill(signal = 'SIGKILL') {
      if (child) killTree(child, signal);
      await ended;
      client = undefined;
    },
    ended: () => ended,
    async close() {
      await client?.close();
      if (child?.exitCode === null) {
        killTree(child, 'SIGTERM');
        await Promise.race([ended, delay(15_000).then(() => child && killTree(child))]);
        await ended;
      }
      await haproxy.stop();
      await purgeInstance(openEngine({ instance }), { images: true });
      if (options.dataBytes !== undefined) await runOrThrow('umount', [dataDirectory]);
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
