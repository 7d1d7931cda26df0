import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { diskReserve, type DiskReserve } from './disk-reserve.ts';
import { migrations } from './migrations.ts';
import type { TransitionName } from './transitions.ts';

/** The daemon's state: one SQLite file, one writer. All access goes through the nouns of this folder. */
export interface Store {
  /** A prepared statement, made once per text. */
  sql(text: string): StatementSync;
  /** Runs `change` in one transaction; what it throws undoes all of it. May not be nested. Throws DISK_FULL. */
  transaction<T>(change: () => T): T;
  /** A named step in the life of a run or a release: one transaction, with a hook before and after for fault tests. On a full disk it has room put aside. */
  transition<T>(name: TransitionName, change: () => T): T;
  /** Puts room on the disk aside for transitions, after one has used it up. */
  keepReserve(): void;
  /** Writes all of it, as it is now, into a new file. Throws DISK_FULL. */
  copyTo(path: string): void;
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

  const reserve = path === ':memory:' ? undefined : diskReserve(join(dirname(path), 'disk-reserve'));
  reserve?.keep();

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
      try {
        database.exec('BEGIN IMMEDIATE');
        const result = change();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk may have ended it already.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw asDiskFull(error);
      }
    },
    transition(name, change) {
      options.onTransition?.(name, 'before');
      const result = withReserve(reserve, () => store.transaction(change));
      options.onTransition?.(name, 'after');
      return result;
    },
    keepReserve: () => reserve?.keep(),
    copyTo(path) {
      closeSync(openSync(path, 'wx', 0o600));
      try {
        database.prepare('VACUUM INTO ?').run(path);
      } catch (error) {
        throw asDiskFull(error);
      }
    },
    close() {
      statements.clear();
      database.close();
    },
  };
  return store;
}

/** SQLite's own error says little; anything else is the caller's. */
function asDiskFull(error: unknown): unknown {
  const known = asRedControlError(error);
  return known.code === 'DISK_FULL' ? known : error;
}

function withReserve<T>(reserve: DiskReserve | undefined, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof RedControlError) || error.code !== 'DISK_FULL' || !reserve?.release()) throw error;
    return write();
  }
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
