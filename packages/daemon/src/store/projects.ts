import type { PersonRecord, ProjectConfig, RevisionRecord, Role, SourceState } from '@redcontrol/contract';
import { roles, withPreviews } from '@redcontrol/contract';
import type { Store } from './open-store.ts';
import { listPreviews } from './previews.ts';

export interface StoredProject {
  name: string;
  revision: number;
  /** With an environment for each open preview. */
  config: ProjectConfig;
  /** As it was applied. */
  applied: ProjectConfig;
  framework: string | null;
  webhookSecret: Uint8Array;
  source: SourceState | null;
}

export interface NewRevision {
  text: string;
  config: ProjectConfig;
  summary: string;
  appliedBy: string;
  appliedAt: number;
  /** Sealed; used only when the project is new. */
  webhookSecret: Uint8Array;
}

/** Stores a revision of a project's configuration as its current one and answers its number. */
export function addRevision(store: Store, name: string, revision: NewRevision): number {
  const current = getProject(store, name);
  const number = (current?.revision ?? 0) + 1;
  const config = JSON.stringify(revision.config);
  if (current) store.sql('UPDATE projects SET revision = ?, config = ? WHERE name = ?').run(number, config, name);
  else {
    store
      .sql('INSERT INTO projects (name, revision, config, webhook_secret, created_at) VALUES (?, ?, ?, ?, ?)')
      .run(name, number, config, revision.webhookSecret, revision.appliedAt);
  }
  store
    .sql('INSERT INTO revisions (project, number, text, config, summary, applied_by, applied_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(name, number, revision.text, config, revision.summary, revision.appliedBy, revision.appliedAt);
  return number;
}

export function getProject(store: Store, name: string): StoredProject | undefined {
  const row = store.sql('SELECT * FROM projects WHERE name = ?').get(name);
  return row && toProject(store, row as unknown as ProjectRow);
}

export function listProjects(store: Store): StoredProject[] {
  return (store.sql('SELECT * FROM projects ORDER BY name').all() as unknown as ProjectRow[]).map((row) => toProject(store, row));
}

/** Removes a project's rows. What belongs to kept data (passwords of its databases) stays unless `data` goes too. */
export function removeProject(store: Store, name: string, options: { data: boolean }): void {
  for (const table of ['secrets', 'people', 'releases', 'runs', 'deliveries', 'channels', 'jobs', 'job_runs', 'pauses', 'maintenance', 'troubles', 'previews', ...(options.data ? ['databases'] : [])]) {
    store.sql(`DELETE FROM ${table} WHERE project = ?`).run(name);
  }
  store.sql('DELETE FROM projects WHERE name = ?').run(name);
}

/** A revision, with an environment for each preview that is open now. */
export function getRevision(store: Store, project: string, number: number): { text: string; config: ProjectConfig } | undefined {
  const row = store.sql('SELECT text, config FROM revisions WHERE project = ? AND number = ?').get(project, number) as { text: string; config: string } | undefined;
  return row && { text: row.text, config: withOpenPreviews(store, project, JSON.parse(row.config) as ProjectConfig) };
}

export function listRevisions(store: Store, project: string): RevisionRecord[] {
  const rows = store.sql('SELECT number, applied_at, applied_by, summary FROM revisions WHERE project = ? ORDER BY number DESC').all(project);
  return (rows as { number: number; applied_at: number; applied_by: string; summary: string }[]).map((row) => ({
    number: row.number, appliedAt: row.applied_at, appliedBy: row.applied_by, summary: row.summary,
  }));
}

export function setFramework(store: Store, project: string, framework: string): void {
  store.sql('UPDATE projects SET framework = ? WHERE name = ?').run(framework, project);
}

export function setSourceState(store: Store, project: string, source: SourceState): void {
  store.sql('UPDATE projects SET source = ? WHERE name = ?').run(JSON.stringify(source), project);
}

/** Refs of the repository as they were at the last look, as JSON; undefined before the first. */
export function getRefs(store: Store, project: string): string | undefined {
  return (store.sql('SELECT refs FROM projects WHERE name = ?').get(project) as { refs: string | null } | undefined)?.refs ?? undefined;
}

export function setRefs(store: Store, project: string, refs: string): void {
  store.sql('UPDATE projects SET refs = ? WHERE name = ?').run(refs, project);
}

export function clearRefs(store: Store, project: string): void {
  store.sql('UPDATE projects SET refs = NULL WHERE name = ?').run(project);
}

export interface StoredPerson {
  fingerprint: string;
  project: string;
  name: string;
  role: Role;
  key: string;
}

export function setPeople(store: Store, project: string, people: readonly StoredPerson[]): void {
  store.sql('DELETE FROM people WHERE project = ?').run(project);
  const insert = store.sql('INSERT OR REPLACE INTO people (fingerprint, project, name, role, key) VALUES (?, ?, ?, ?, ?)');
  for (const person of people) insert.run(person.fingerprint, project, person.name, person.role, person.key);
}

export function listPeopleRows(store: Store): StoredPerson[] {
  return store.sql('SELECT * FROM people ORDER BY name, fingerprint, project').all() as unknown as StoredPerson[];
}

/** Somebody by the fingerprint of their key: the highest role of their projects. */
export function findPerson(store: Store, fingerprint: string): PersonRecord | undefined {
  const rows = store.sql('SELECT * FROM people WHERE fingerprint = ?').all(fingerprint) as unknown as StoredPerson[];
  const first = rows[0];
  if (!first) return undefined;
  const role = rows.map((row) => row.role).reduce((a, b) => (roles.indexOf(a) >= roles.indexOf(b) ? a : b));
  return { fingerprint, name: first.name, role, projects: rows.map((row) => row.project) };
}

/** Role of a key in one project; undefined when it has none there. */
export function roleIn(store: Store, fingerprint: string, project: string): Role | undefined {
  const row = store.sql('SELECT role FROM people WHERE fingerprint = ? AND project = ?').get(fingerprint, project) as { role: Role } | undefined;
  return row?.role;
}

interface ProjectRow {
  name: string; revision: number; config: string; framework: string | null; webhook_secret: Uint8Array; source: string | null;
}

function toProject(store: Store, row: ProjectRow): StoredProject {
  const applied = JSON.parse(row.config) as ProjectConfig;
  return {
    name: row.name, revision: row.revision, applied, config: withOpenPreviews(store, row.name, applied), framework: row.framework,
    webhookSecret: row.webhook_secret, source: row.source === null ? null : (JSON.parse(row.source) as SourceState),
  };
}

function withOpenPreviews(store: Store, project: string, config: ProjectConfig): ProjectConfig {
  return withPreviews(config, listPreviews(store, project).filter(({ state }) => state === 'open'));
}
