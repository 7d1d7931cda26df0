import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectConfig } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import { testImages } from '../../../test/test-engine.ts';
import type { DaemonContext } from '../../context.ts';
import { ensureNetwork, type Engine } from '../../engine/index.ts';
import { environmentNetwork } from '../../environment/index.ts';
import { createEventHub } from '../../notify/index.ts';
import { createProxy, spawnHaproxy } from '../../proxy/index.ts';
import { openSnapshot, reconcileProxy, sealSnapshot, startProcess, type ReleaseProcess, type ReleaseSnapshot } from '../../release/index.ts';
import { addRelease, addRevision, ensureEnvironment, liveRelease, openStore, setLive } from '../../store/index.ts';

interface TestProcess {
  run: string;
  instances?: number;
  health?: ReleaseProcess['health'];
}

const owner = { project: 'shop', environment: 'production' };

/** A live release of small Node programs behind a real HAProxy, made without a pipeline. All of it is gone after `close`. */
export async function createAppWorld(engine: Engine, processes: Record<string, TestProcess>) {
  const directory = await mkdtemp(join(tmpdir(), 'redcontrol-app-'));
  const image = await testImages(engine).ensure({ kind: 'node', version: '22', slim: true });
  const { Id: imageId } = await engine.docker.getImage(image).inspect();
  const [httpPort, httpsPort, port] = [await freePort(), await freePort(), await freePort()];
  const places = { directory: join(directory, 'haproxy'), runDirectory: directory, httpPort, httpsPort };
  const haproxy = await spawnHaproxy(places);
  const proxy = await createProxy({ ...places, requestLogDirectory: join(directory, 'requests'), clock: systemClock });
  const store = openStore(join(directory, 'state.db'));
  const daemon = {
    options: { dataDirectory: directory, instance: engine.instance, publicHost: '127.0.0.1' }, store, engine, proxy, key: Buffer.alloc(32, 1), clock: systemClock,
    events: createEventHub(store), machines: { deployed: { engineOf: () => undefined, owners: () => [], revive: async () => {} } },
    log: { info() {}, error: (text: string, cause: unknown) => process.stderr.write(`${text} ${String(cause)}\n`) },
  } as unknown as DaemonContext;
  const config = projectConfig.parse({ project: 'shop', repository: 'file:///none', servers: { main: { host: '127.0.0.1' } }, environments: { production: { deploy: { branch: 'main' }, port } } });
  store.transaction(() => {
    addRevision(store, 'shop', { text: '', config, summary: '', appliedBy: 'Anna', appliedAt: 1, webhookSecret: new Uint8Array(1) });
    ensureEnvironment(store, { project: 'shop', name: 'production', needsPort: true, port });
  });
  await ensureNetwork(engine, environmentNetwork(daemon, 'shop', 'production'), { role: 'network', ...owner });
  const release = store.transaction(() => {
    const added = addRelease(store, { ...owner, runId: 1, commit: 'a'.repeat(40), ref: 'main', message: 'm', author: 'Anna', imageId, snapshot: sealSnapshot(daemon, owner, snapshotOf(processes)), rollbackOf: null, revision: 1, createdAt: Date.now() });
    setLive(store, added, Date.now());
    return added;
  });
  for (const one of snapshotOf(processes).processes) await startProcess(daemon, release, snapshotOf(processes), one);
  await reconcileProxy(daemon);
  return {
    daemon, engine, port, owner,
    snapshot: () => openSnapshot(daemon, liveRelease(store, 'shop', 'production')!),
    async close() {
      await proxy.close();
      await haproxy.stop();
      store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function snapshotOf(processes: Record<string, TestProcess>): ReleaseSnapshot {
  return {
    variables: { PORT: '3000' }, port: 3000, health: { path: '/', statuses: undefined, timeoutMs: 20_000, intervalMs: 100 }, migrate: undefined, volumes: {}, drainMs: 1000, watchMs: 100, ownDockerfile: false,
    processes: Object.entries(processes).map(([name, { run, instances = 1, health }]): ReleaseProcess => ({
      name, command: run, instances, memoryBytes: 128 * 1024 ** 2, cpus: undefined, handover: name === 'web' ? 'start-first' : 'stop-first', stopSignal: 'SIGTERM', stopMs: 5000, variables: {}, ...(health ? { health } : {}),
    })),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
