import type { ReleaseApp, ReleaseRecord, ReleaseState, WireError } from '@redcontrol/contract';
import { RedControlError } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

export interface NewRelease {
  project: string;
  environment: string;
  runId: number;
  commit: string;
  ref: string;
  message: string;
  author: string;
  imageId: string;
  /** `release` 0 stands for the number that this one gets; null or left out: the repository holds one app. */
  apps?: readonly ReleaseApp[] | null;
  /** Sealed: variables and the part of the configuration that it runs with. */
  snapshot: Uint8Array;
  rollbackOf: number | null;
  revision: number;
  createdAt: number;
}

export interface StoredRelease extends ReleaseRecord {
  snapshot: Uint8Array;
  /** Token of the environment at the release's begin: a release whose token is no longer the newest may change nothing. */
  fence: number;
  /** Release that was live when this one began. */
  previous: number | null;
}

/** Begins a release: takes the environment's next fencing token, so that any older one in work can change nothing more. */
export function addRelease(store: Store, release: NewRelease): StoredRelease {
  const environment = store
    .sql(`UPDATE environments SET fence = fence + 1, release_count = release_count + 1 WHERE project = ? AND name = ?
      RETURNING fence, release_count, live_release`)
    .get(release.project, release.environment) as { fence: number; release_count: number; live_release: number | null } | undefined;
  if (!environment) throw new RedControlError('NOT_FOUND', `Expected environment ${release.environment} of ${release.project}, it is gone`);
  const { lastInsertRowid } = store
    .sql(`INSERT INTO releases (project, environment, number, run_id, commit_id, ref, message, author, image_id, apps, snapshot, state,
      rollback_of, revision, fence, previous, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'migrating', ?, ?, ?, ?, ?)`)
    .run(release.project, release.environment, environment.release_count, release.runId, release.commit, release.ref, release.message,
      release.author, release.imageId, appsText(release.apps ?? null, environment.release_count), release.snapshot, release.rollbackOf, release.revision, environment.fence, environment.live_release, release.createdAt);
  return getRelease(store, Number(lastInsertRowid))!;
}

function appsText(apps: readonly ReleaseApp[] | null, number: number): string | null {
  return apps === null ? null : JSON.stringify(apps.map((app) => (app.release === 0 ? { ...app, release: number } : app)));
}

export function getRelease(store: Store, id: number): StoredRelease | undefined {
  const row = store.sql('SELECT * FROM releases WHERE id = ?').get(id);
  return row && toRelease(row as unknown as ReleaseRow);
}

export function listReleases(store: Store, filter: { project: string; environment: string; limit: number }): StoredRelease[] {
  const rows = store
    .sql('SELECT * FROM releases WHERE project = ? AND environment = ? ORDER BY id DESC LIMIT ?')
    .all(filter.project, filter.environment, filter.limit);
  return (rows as unknown as ReleaseRow[]).map(toRelease);
}

/** Releases that a killed daemon left in the middle. */
export function listOpenReleases(store: Store): StoredRelease[] {
  const rows = store.sql(`SELECT * FROM releases WHERE state IN ('migrating', 'starting', 'switching', 'watching') ORDER BY id`).all();
  return (rows as unknown as ReleaseRow[]).map(toRelease);
}

export function liveRelease(store: Store, project: string, environment: string): StoredRelease | undefined {
  const row = store
    .sql('SELECT r.* FROM releases r JOIN environments e ON e.live_release = r.id WHERE e.project = ? AND e.name = ?')
    .get(project, environment);
  return row && toRelease(row as unknown as ReleaseRow);
}

/** Of all environments. */
export function listLiveReleases(store: Store): StoredRelease[] {
  const rows = store.sql('SELECT r.* FROM releases r JOIN environments e ON e.live_release = r.id ORDER BY r.id').all();
  return (rows as unknown as ReleaseRow[]).map(toRelease);
}

/** Moves a release on. Throws RELEASE_SUPERSEDED when a newer release of the environment has begun. */
export function setReleaseState(store: Store, release: StoredRelease, state: ReleaseState, detail: { at: number; error?: WireError } = { at: Date.now() }): void {
  assertFence(store, release);
  const ended = state === 'failed' || state === 'reverted' || state === 'retired';
  store
    .sql(`UPDATE releases SET state = ?1, error = ?2, ended_at = CASE WHEN ?3 THEN ?4 ELSE ended_at END,
      live_at = CASE WHEN ?1 = 'live' THEN ?4 ELSE live_at END WHERE id = ?5`)
    .run(state, detail.error ? JSON.stringify(detail.error) : null, ended ? 1 : 0, detail.at, release.id);
}

/** What a live release runs with, after somebody stopped, started or scaled its processes. */
export function setReleaseSnapshot(store: Store, id: number, snapshot: Uint8Array): void {
  store.sql('UPDATE releases SET snapshot = ? WHERE id = ?').run(snapshot, id);
}

/** Makes the release the environment's live one and retires the one before it. */
export function setLive(store: Store, release: StoredRelease, at: number): void {
  setReleaseState(store, release, 'live', { at });
  store
    .sql(`UPDATE releases SET state = 'retired', ended_at = ? WHERE project = ? AND environment = ? AND state = 'live' AND id <> ?`)
    .run(at, release.project, release.environment, release.id);
  store.sql('UPDATE environments SET live_release = ? WHERE project = ? AND name = ?').run(release.id, release.project, release.environment);
}

/** The newest run that any release of the environment came from: an older run may not deploy over it. */
export function newestReleasedRun(store: Store, project: string, environment: string): number {
  const row = store
    .sql(`SELECT max(run_id) AS id FROM releases WHERE project = ? AND environment = ? AND state IN ('live', 'retired')`)
    .get(project, environment) as { id: number | null };
  return row.id ?? 0;
}

export function markUnavailable(store: Store, id: number): void {
  store.sql('UPDATE releases SET available = 0 WHERE id = ?').run(id);
}

/** What clients may see of it: the sealed snapshot stays here. */
export function publicRelease(release: StoredRelease): ReleaseRecord {
  const { snapshot: _snapshot, fence: _fence, previous: _previous, ...record } = release;
  return record;
}

function assertFence(store: Store, release: StoredRelease): void {
  const row = store
    .sql('SELECT fence FROM environments WHERE project = ? AND name = ?')
    .get(release.project, release.environment) as { fence: number } | undefined;
  if (row?.fence === release.fence) return;
  throw new RedControlError('RELEASE_SUPERSEDED', `Expected release #${release.number} of ${release.environment} to be the newest, a newer one has begun`);
}

interface ReleaseRow {
  id: number; project: string; environment: string; number: number; run_id: number; commit_id: string; ref: string; message: string;
  author: string; image_id: string; apps: string | null; snapshot: Uint8Array; state: ReleaseState; error: string | null; rollback_of: number | null;
  revision: number; fence: number; available: number; previous: number | null; created_at: number; live_at: number | null; ended_at: number | null;
}

function toRelease(row: ReleaseRow): StoredRelease {
  return {
    id: row.id, project: row.project, environment: row.environment, number: row.number, runId: row.run_id, commit: row.commit_id,
    ref: row.ref, message: row.message, author: row.author, imageId: row.image_id, apps: row.apps === null ? null : (JSON.parse(row.apps) as ReleaseApp[]), snapshot: row.snapshot, state: row.state,
    error: row.error === null ? null : (JSON.parse(row.error) as WireError), rollbackOf: row.rollback_of, revision: row.revision,
    fence: row.fence, previous: row.previous, available: row.available === 1,
    createdAt: row.created_at, liveAt: row.live_at, endedAt: row.ended_at,
  };
}
