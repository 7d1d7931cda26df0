import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectConfig } from '@redcontrol/contract';
import {
  addEvent, addRelease, addRevision, addRun, endRun, ensureEnvironment, getRelease, getRun, listEvents, listOpenRuns, liveRelease, newestReleasedRun,
  openStore, previousVerdict, requeueRun, setLive, setReleaseState, setRunStatus, type NewRelease, type NewRun, type Store,
} from './index.ts';

const config = projectConfig.parse({
  project: 'shop', repository: 'file:///srv/shop.git', servers: { main: { host: '127.0.0.1' } }, environments: { production: { deploy: { branch: 'main' } } },
});

test('a newer push supersedes the queued one of its branch, never one that runs or another branch', () => {
  const store = withProject();
  const first = add(store, { commit: 'a' });
  const other = add(store, { commit: 'b', ref: 'develop' });
  const running = add(store, { commit: 'c', ref: 'release' });
  setRunStatus(store, running, 'running', 5);
  const { superseded } = addRun(store, newRun({ commit: 'd' }));
  assert.deepEqual(superseded, [first]);
  addRun(store, newRun({ commit: 'e', ref: 'release' }));
  assert.equal(getRun(store, other)?.status, 'queued');
  assert.equal(getRun(store, running)?.status, 'running');
});

test('a run gets exactly one verdict', () => {
  const store = withProject();
  const id = add(store, {});
  assert.equal(endRun(store, id, { verdict: 'failed', at: 7, error: { code: 'STEP_FAILED', message: 'no' } }), true);
  assert.equal(endRun(store, id, { verdict: 'succeeded', at: 8 }), false);
  assert.equal(getRun(store, id)?.status, 'failed');
  assert.equal(getRun(store, id)?.error?.code, 'STEP_FAILED');
});

test('an interrupted run begins again as its next attempt, without its old steps', () => {
  const store = withProject();
  const id = add(store, {});
  setRunStatus(store, id, 'running', 3);
  requeueRun(store, id);
  assert.deepEqual(listOpenRuns(store).map((run) => [run.id, run.status, run.attempt]), [[id, 'queued', 2]]);
});

test('the verdict before tells whether a run recovered', () => {
  const store = withProject();
  const failed = add(store, {});
  endRun(store, failed, { verdict: 'failed', at: 1 });
  const cancelled = add(store, {});
  endRun(store, cancelled, { verdict: 'cancelled', at: 2 });
  const now = getRun(store, add(store, {}))!;
  assert.equal(previousVerdict(store, now), 'failed');
});

test('a release whose fencing token is old can change nothing', () => {
  const store = withProject();
  const first = addRelease(store, newRelease(1));
  const second = addRelease(store, newRelease(2));
  assert.deepEqual([first.number, second.number], [1, 2]);
  assert.throws(() => setLive(store, first, 10), { code: 'RELEASE_SUPERSEDED' });
  setLive(store, second, 11);
  assert.equal(liveRelease(store, 'shop', 'production')?.id, second.id);
  const third = addRelease(store, newRelease(3));
  assert.equal(third.previous, second.id);
  setLive(store, third, 12);
  assert.equal(getRelease(store, second.id)?.state, 'retired');
  assert.equal(newestReleasedRun(store, 'shop', 'production'), 3);
});

test('a transition that throws leaves nothing behind', () => {
  const store = withProject();
  const release = addRelease(store, newRelease(1));
  assert.throws(() =>
    store.transition('release.failed', () => {
      setReleaseState(store, release, 'failed', { at: 1 });
      addEvent(store, { at: 1, kind: 'release.failed', project: 'shop', environment: 'production', runId: 1, text: 'x', data: {} });
      throw new Error('disk');
    }),
  );
  assert.equal(getRelease(store, release.id)?.state, 'migrating');
  assert.deepEqual(listEvents(store, 0, 10), []);
});

test('environments without a domain get the first free port, a taken one is refused', () => {
  const store = withProject();
  assert.equal(ensureEnvironment(store, { project: 'shop', name: 'production', needsPort: true }).port, 8000);
  assert.equal(ensureEnvironment(store, { project: 'shop', name: 'test', needsPort: true }).port, 8001);
  assert.equal(ensureEnvironment(store, { project: 'shop', name: 'production', needsPort: true }).port, 8000);
  assert.throws(() => ensureEnvironment(store, { project: 'shop', name: 'other', needsPort: true, port: 8001 }), { code: 'CONFLICT' });
  assert.equal(ensureEnvironment(store, { project: 'shop', name: 'test', needsPort: false }).port, null);
});

test('only the daemon\'s user can read the state, its log and its index', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'redcontrol-store-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const store = openStore(join(folder, 'state.db'));
  const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
  store.close();
  assert.deepEqual(modes.sort(), [['disk-reserve', '600'], ['state.db', '600'], ['state.db-shm', '600'], ['state.db-wal', '600']]);
});

function withProject(): Store {
  const store = openStore(':memory:');
  addRevision(store, 'shop', { text: '', config, summary: '', appliedBy: 'x', appliedAt: 1, webhookSecret: new Uint8Array() });
  ensureEnvironment(store, { project: 'shop', name: 'production', needsPort: false });
  return store;
}

function newRun(run: Partial<NewRun>): NewRun {
  return {
    project: 'shop', trigger: 'push', ref: 'main', refKind: 'branch', commit: 'a', message: 'm', author: 'Anna', authorEmail: 'anna@example.com',
    environments: [], revision: 1, startedBy: 'push', createdAt: 1, ...run,
  };
}

function add(store: Store, run: Partial<NewRun>): number {
  return addRun(store, newRun(run)).run.id;
}

function newRelease(runId: number): NewRelease {
  return {
    project: 'shop', environment: 'production', runId, commit: 'a', ref: 'main', message: 'm', author: 'Anna', imageId: 'sha256:1',
    snapshot: new Uint8Array([1]), rollbackOf: null, revision: 1, createdAt: 1,
  };
}
