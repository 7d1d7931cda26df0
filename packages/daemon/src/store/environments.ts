import { RedControlError, type DatabaseEngine } from '@redcontrol/contract';
import type { Store } from './open-store.ts';

const firstPort = 8000;
const lastPort = 8999;

/** Makes the environment's row; without a wished port and with `needsPort` it gets the first free one from 8000. */
export function ensureEnvironment(store: Store, environment: { project: string; name: string; port?: number; needsPort: boolean }): { port: number | null } {
  const { project, name } = environment;
  store.sql('INSERT OR IGNORE INTO environments (project, name) VALUES (?, ?)').run(project, name);
  const row = store.sql('SELECT port FROM environments WHERE project = ? AND name = ?').get(project, name) as { port: number | null };
  const port = environment.needsPort ? (environment.port ?? row.port ?? firstFreePort(store)) : null;
  const taken = port === null ? undefined : portOwner(store, port);
  if (taken && (taken.project !== project || taken.name !== name)) {
    throw new RedControlError('CONFLICT', `Expected port ${port} to be free, ${taken.project}/${taken.name} uses it`, { hint: 'Give another `port`, or none to get the first free one.' });
  }
  store.sql('UPDATE environments SET port = ? WHERE project = ? AND name = ?').run(port, project, name);
  return { port };
}

export function environmentPort(store: Store, project: string, name: string): number | null {
  return (store.sql('SELECT port FROM environments WHERE project = ? AND name = ?').get(project, name) as { port: number | null } | undefined)?.port ?? null;
}

export function listEnvironmentNames(store: Store, project: string): string[] {
  return (store.sql('SELECT name FROM environments WHERE project = ? ORDER BY name').all(project) as { name: string }[]).map((row) => row.name);
}

/** Of all projects. */
export function listAllEnvironments(store: Store): { project: string; environment: string }[] {
  return store.sql('SELECT project, name AS environment FROM environments').all() as { project: string; environment: string }[];
}

export function removeEnvironment(store: Store, project: string, name: string): void {
  store.sql('DELETE FROM troubles WHERE project = ? AND environment = ?').run(project, name);
  store.sql('DELETE FROM environments WHERE project = ? AND name = ?').run(project, name);
  store.sql('DELETE FROM maintenance WHERE project = ? AND environment = ?').run(project, name);
}

export interface StoredDatabase {
  project: string;
  environment: string;
  role: 'database' | 'redis';
  engine: DatabaseEngine;
  version: string;
  volume: string;
  /** Sealed. */
  password: Uint8Array;
  /** Version before an upgrade: a configuration that still names it is not refused. */
  upgradedFrom?: string | null;
}

export function getDatabase(store: Store, project: string, environment: string, role: StoredDatabase['role']): StoredDatabase | undefined {
  return store.sql('SELECT *, upgraded_from AS upgradedFrom FROM databases WHERE project = ? AND environment = ? AND role = ?').get(project, environment, role) as unknown as StoredDatabase | undefined;
}

export function addDatabase(store: Store, database: StoredDatabase, at: number): void {
  store
    .sql('INSERT INTO databases (project, environment, role, engine, version, volume, password, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    .run(database.project, database.environment, database.role, database.engine, database.version, database.volume, database.password, at);
}

/** The configuration no longer names it: its row is put aside under engine and version, its volume stays. */
export function retireDatabase(store: Store, { project, environment, role, engine, version }: StoredDatabase): void {
  store
    .sql('UPDATE OR REPLACE databases SET role = ? WHERE project = ? AND environment = ? AND role = ?')
    .run(retiredRole(role, engine, version), project, environment, role);
}

/** Brings back one that was put aside with the same engine and version; undefined when there is none. */
export function reviveDatabase(store: Store, wanted: Pick<StoredDatabase, 'project' | 'environment' | 'role' | 'engine' | 'version'>): StoredDatabase | undefined {
  store
    .sql('UPDATE databases SET role = ? WHERE project = ? AND environment = ? AND role = ?')
    .run(wanted.role, wanted.project, wanted.environment, retiredRole(wanted.role, wanted.engine, wanted.version));
  return getDatabase(store, wanted.project, wanted.environment, wanted.role);
}

function retiredRole(role: string, engine: string, version: string): string {
  return `${role}@${engine}-${version}`;
}

export interface StoredSecret {
  environment: string;
  name: string;
  value: Uint8Array;
  updatedAt: number;
}

export function setSecret(store: Store, secret: { project: string; environment: string; name: string; value: Uint8Array; at: number }): void {
  store
    .sql('INSERT OR REPLACE INTO secrets (project, environment, name, value, updated_at) VALUES (?, ?, ?, ?, ?)')
    .run(secret.project, secret.environment, secret.name, secret.value, secret.at);
}

export function removeSecret(store: Store, project: string, environment: string, name: string): boolean {
  return store.sql('DELETE FROM secrets WHERE project = ? AND environment = ? AND name = ?').run(project, environment, name).changes === 1;
}

export function listSecrets(store: Store, project: string): StoredSecret[] {
  const rows = store.sql('SELECT environment, name, value, updated_at AS updatedAt FROM secrets WHERE project = ? ORDER BY environment, name').all(project);
  return rows as unknown as StoredSecret[];
}

function firstFreePort(store: Store): number {
  const taken = new Set((store.sql('SELECT port FROM environments WHERE port IS NOT NULL').all() as { port: number }[]).map((row) => row.port));
  for (let port = firstPort; port <= lastPort; port += 1) if (!taken.has(port)) return port;
  throw new RedControlError('LIMIT_REACHED', `Expected a free port between ${firstPort} and ${lastPort}, all are taken`, { hint: 'Give environments a domain, or a `port` of their own.' });
}

function portOwner(store: Store, port: number): { project: string; name: string } | undefined {
  return store.sql('SELECT project, name FROM environments WHERE port = ?').get(port) as { project: string; name: string } | undefined;
}
