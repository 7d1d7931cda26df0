import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { projectConfig } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import { testEngine, testImages } from '../../../test/test-engine.ts';
import type { DaemonContext } from '../../context.ts';
import { execInContainer } from '../../engine/index.ts';
import { databaseContainer, ensureEnvironmentServices } from '../../environment/index.ts';
import { createEventHub } from '../../notify/event-hub.ts';
import { addRevision, ensureEnvironment, openStore } from '../../store/index.ts';
import { openBackupKey } from '../sealing/backup-key.ts';

/** An environment `production` of a project `shop` with a real PostgreSQL 15 and Redis 7, and the parts of a daemon that work with data. */
export async function dataStand(name: string) {
  const engine = testEngine(name);
  const images = testImages(engine);
  const directory = await mkdtemp(join(tmpdir(), `redcontrol-${name}-`));
  after(() => rm(directory, { recursive: true, force: true }));
  const store = openStore(':memory:');
  const config = projectConfig.parse({
    project: 'shop', repository: 'file:///srv/shop.git', servers: { main: { host: '127.0.0.1' } }, volumes: { media: '/app/media' },
    environments: { production: { deploy: { branch: 'main' }, database: { engine: 'postgres', version: 15 }, redis: { version: 7 } } },
  });
  const daemon = {
    options: { instance: engine.instance, dataDirectory: directory, diskReserveBytes: 0 }, store, engine, images: () => images, clock: systemClock, key: randomBytes(32),
    backupKey: await openBackupKey(join(directory, 'backup-key.txt')), machines: { deployed: { engineOf: () => undefined, owners: () => [] } }, events: createEventHub(store), log: { info() {}, error() {} },
  } as unknown as DaemonContext;
  store.transaction(() => {
    addRevision(store, 'shop', { text: '', config, summary: '', appliedBy: '', appliedAt: 1, webhookSecret: new Uint8Array() });
    ensureEnvironment(store, { project: 'shop', name: 'production', needsPort: false });
  });
  const variables = await ensureEnvironmentServices(daemon, { config, environment: 'production', onOutput() {} });
  const owner = { project: 'shop', environment: 'production' };
  const inside = async (container: string, ...command: string[]) => {
    let said = '';
    const { exitCode } = await execInContainer(engine, { container, command, onOutput: (chunk) => void (said += chunk.toString()), timeoutMs: 30_000 });
    assert.equal(exitCode, 0, said);
    return said.trim();
  };
  return {
    engine, images, store, config, daemon, variables, owner,
    psql: (statement: string, container = databaseContainer(daemon, { ...owner, role: 'database' })) => inside(container, 'psql', '-qAt', '-U', 'app', '-d', 'app', '-c', statement),
    redis: (...words: string[]) => inside(databaseContainer(daemon, { ...owner, role: 'redis' }), 'redis-cli', ...words),
  };
}
