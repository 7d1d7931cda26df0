import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { migrations } from './migrations.ts';
import type { TransitionName } from './transitions.ts';

/** The daemon's state: one SQLite file, one writer. All access goes through the nouns of this folder. */
export interface Store {
  /** A prepared statement, made once per text. */
  sql(text: string): StatementSync;
  /** Runs `change` in one transaction; what it throws undoes all of it. May not be nested. */
  transaction<T>(change: () => T): T;
  /** A named step in the life of a run or a release: one transaction, with a hook before and after for fault tests. */
  transition<T>(name: TransitionName, change: () => T): T;
  close(): void;
}

export interface StoreOptions {
  /** Called just before and just after the commit of a transition. */
  onTransition?: (name: TransitionName, moment: 'before' | 'after') => void;
}

/** Opens the file, or makes it, and brings its schema up to date. `:memory:` is allowed. */
export function openStore(path: string, options: StoreOptions = {}): Store {
  if (path !== ':memory:') makePrivateFile(path);
  const database = new DatabaseSync(path);
  // NORMAL in WAL mode loses nothing on a killed process; after a power cut the containers are found and compared anyway.
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-4000');
  migrate(database);

  const statements = new Map<string, StatementSync>();
  const store: Store = {
    sql(text) {
      let statement = statements.get(text);
      if (!statement) {
        statement = database.prepare(text);
        statements.set(text, statement);
      }
      return statement;
    },
    transaction(change) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = change();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    transition(name, change) {
      options.onTransition?.(name, 'before');
      const result = store.transaction(change);
      options.onTransition?.(name, 'after');
      return result;
    },
    close() {
      statements.clear();
      database.close();
    },
  };
  return store;
}

/** Others on the server may pass through the data directory, but not read its state; SQLite gives its WAL the file's mode. */
function makePrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function migrate(database: DatabaseSync): void {
  const { user_version: current } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  for (const [index, statements] of migrations.entries()) {
    if (index < current) continue;
    database.exec(`BEGIN IMMEDIATE; ${statements}; PRAGMA user_version=${index + 1}; COMMIT`);
  }
}
