import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alerts, channelSecretPlace, projectConfig, type EventKind, type FailedTest, type ProjectConfig } from '@redcontrol/contract';
import { systemClock, type Clock } from '@redcontrol/system';
import type { DaemonContext } from '../../context.ts';
import { runEvent } from '../../pipeline/run-event.ts';
import { storeSecret } from '../../secrets/index.ts';
import { addRevision, addRun, addSteps, endRun, endStep, ensureEnvironment, getRun, openStore, setRunStatus, type StoredRun } from '../../store/index.ts';
import { createEventHub } from '../event-hub.ts';
import { createOutbox, type Outbox, type OutboxOptions } from '../outbox/outbox.ts';
import type { OutboxContext } from '../outbox/send-to-channel.ts';

export const commit = '1a2b3c4d5e6f7890aaaabbbbccccddddeeeeffff';

/** A project with channels on a real store, without the parts of the daemon that channels do not need. */
export function createChannelWorld(channels: Record<string, unknown>, options: { directory?: string; clock?: Clock; repository?: string } = {}) {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'redcontrol-channels-'));
  const config = projectConfig.parse({
    project: 'shop', repository: options.repository ?? 'git@github.com:acme/shop.git', servers: { main: { host: '127.0.0.1' } },
    environments: { production: { deploy: { branch: 'main' }, domain: 'shop.example.com' }, test: { deploy: { branch: 'develop' } } }, channels,
  });
  const store = openStore(join(directory, 'state.db'));
  const errors: string[] = [];
  const daemon: OutboxContext & Pick<DaemonContext, 'clock'> = {
    options: { dataDirectory: directory, publicHost: '203.0.113.10' } as DaemonContext['options'],
    store, key: keyOf(directory), clock: options.clock ?? systemClock, events: createEventHub(store),
    log: { info() {}, error: (text, cause) => errors.push(`${text} ${String(cause)}`) },
    certificates: { certificateState: () => undefined } as unknown as DaemonContext['certificates'],
  };
  let outbox: Outbox | undefined;
  const world = {
    daemon, store, errors, directory,
    /** Applies the configuration, with other channels and limits of alerts where they are given. */
    apply(changed: Record<string, unknown> = channels, limits: Record<string, unknown> = {}) {
      const wanted: ProjectConfig = { ...config, alerts: alerts.parse(limits), channels: projectConfig.shape.channels.parse(changed) };
      store.transaction(() => {
        addRevision(store, 'shop', { text: '', config: wanted, summary: '', appliedBy: 'Anna', appliedAt: 1, webhookSecret: new Uint8Array(1) });
        for (const name of Object.keys(wanted.environments)) ensureEnvironment(store, { project: 'shop', name, needsPort: name === 'test' });
      });
    },
    secret: (name: string, value: string, environment: string = channelSecretPlace) => storeSecret(daemon as DaemonContext, { project: 'shop', environment, name, value }),
    start(outboxOptions: OutboxOptions = {}) {
      outbox = createOutbox(daemon, { firstWaitMs: 20, timeoutMs: 5_000, ...outboxOptions });
      return outbox;
    },
    run: (change: Partial<Parameters<typeof addRun>[1]> = {}): StoredRun => addRun(store, {
      project: 'shop', trigger: 'push', ref: 'main', refKind: 'branch', commit, message: 'Fix the cart\n\nIt was empty.', author: 'Anna', authorEmail: 'anna@example.com',
      environments: ['production'], revision: 1, startedBy: 'push', createdAt: daemon.clock.now(), ...change,
    }).run,
    tell(kind: EventKind, run: StoredRun | undefined, change: Partial<Parameters<typeof daemon.events.add>[0]> = {}) {
      const event = run ? runEvent(daemon, run, kind, kind) : { at: daemon.clock.now(), kind, project: 'shop', environment: null, runId: null, text: kind, data: {} };
      store.transaction(() => daemon.events.add({ ...event, ...change }));
      daemon.events.flush();
    },
    /** A run that failed in its step `test`, with this output and these tests. */
    failed(of: { output?: string; tests?: FailedTest[]; message?: string; error?: string } = {}): StoredRun {
      const run = world.run({ message: of.message ?? 'Fix the cart' });
      const logs = join(directory, 'logs', String(run.id));
      mkdirSync(logs, { recursive: true });
      writeFileSync(join(logs, '0.log'), of.output ?? '1 of 2 failed\n');
      const at = daemon.clock.now();
      store.transaction(() => {
        setRunStatus(store, run.id, 'running', at - 1500);
        addSteps(store, run.id, [{ index: 0, name: 'test', command: 'npm test' }]);
        endStep(store, run.id, 0, { status: 'failed', exitCode: 1, logBytes: 1, logSha256: null, at });
        endRun(store, run.id, { verdict: 'failed', failedTests: of.tests ?? [], error: { code: 'STEP_FAILED', message: of.error ?? 'Expected test to pass' }, at });
      });
      const ended = getRun(store, run.id)!;
      world.tell('run.failed', ended);
      return ended;
    },
    async close() {
      await outbox?.close();
      store.close();
      if (options.directory === undefined) await rm(directory, { recursive: true });
    },
  };
  return world;
}

/** The same key for the same directory: a process that is started again reads what the one before sealed. */
function keyOf(directory: string): Buffer {
  return Buffer.alloc(32, directory);
}
