import type { DatabaseEngine, RowCount } from '@redcontrol/contract';
import type { DatabaseAccess } from './database-kinds.ts';
import { copyPostgres, countMysql, countPostgres, countRedis, dumpMysql, dumpPostgres, dumpRedis, loadMysql, loadPostgres, loadRedis, sizeMysql, sizePostgres, unpackPostgres } from './data-scripts.ts';

/** Who runs these in a server's own container: one that is cancelled must not take the server's processes with it. */
export const toolUser = '65534:65534';

/** How the data of a database get out and in again, by the programs of its own image. */
export interface DataTools {
  /** Ending of a dump's file name: what it is, for people who open it without RedControl. */
  fileEnding: string;
  /** Whether a dump is text that is worth compressing; false: it is compressed already. */
  compress: boolean;
  /** Writes the dump to standard output and `rows` lines to standard error; the last line there is `dump complete`. */
  dump(access: DatabaseAccess): string[];
  /** Takes a dump on standard input. Ends with 0 only when all of it was taken. */
  load(access: DatabaseAccess): string[];
  /** Where the load runs: in the server's container, or in one that has the volume while no server runs. */
  loadsInto: 'server' | 'volume';
  /** Writes `rows` lines to standard output. */
  count(access: DatabaseAccess): string[];
  /** Writes bytes and number of tables to standard output. Left out: it has no schema to migrate. */
  size?(access: DatabaseAccess): string[];
  /** Its own client, for people. */
  shell(access: DatabaseAccess): string[];
  /** Lets the apps read only, until `writable`. */
  readOnly(access: DatabaseAccess): string[];
  writable(access: DatabaseAccess): string[];
  /** Copies the files of the running server as a tar on standard output. Left out: there is no such way. */
  copy?(access: DatabaseAccess): string[];
  /** Unpacks that tar, where the volume is and no server runs. */
  unpack?: string[];
}

const mysqlTools = (client: string, dumper: string, options: string[]): DataTools => ({
  fileEnding: 'sql', compress: true, loadsInto: 'server',
  dump: ({ name }) => ['sh', '-c', dumpMysql, 'dump', client, name, dumper, ...options],
  load: ({ name }) => ['sh', '-c', loadMysql, 'load', client, name],
  count: ({ name }) => ['sh', '-c', countMysql, 'count', client, name],
  size: ({ name }) => ['sh', '-c', sizeMysql, 'size', client, name],
  shell: ({ user, name }) => [client, '--protocol=tcp', '--host=127.0.0.1', `--user=${user}`, `--database=${name}`],
  readOnly: () => [client, '--user=root', '--execute=SET GLOBAL read_only = 1'],
  writable: () => [client, '--user=root', '--execute=SET GLOBAL read_only = 0'],
});

/** Each statement by itself: ALTER DATABASE takes no part in a transaction with others. */
function psql(user: string, name: string, statements: string): string[] {
  return ['psql', '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', `--username=${user}`, `--dbname=${name}`, ...statements.split('; ').map((statement) => `--command=${statement}`)];
}

export const dataTools: Record<Exclude<DatabaseEngine, 'sqlite'>, DataTools> = {
  postgres: {
    fileEnding: 'pgdump', compress: false, loadsInto: 'server',
    dump: ({ user, name }) => ['sh', '-c', dumpPostgres, 'dump', user, name],
    load: ({ user, name }) => ['sh', '-c', loadPostgres, 'load', user, name],
    count: ({ user, name }) => ['sh', '-c', countPostgres, 'count', user, name],
    size: ({ user, name }) => ['sh', '-c', sizePostgres, 'size', user, name],
    shell: ({ user, name }) => ['psql', `--username=${user}`, `--dbname=${name}`],
    readOnly: ({ user, name }) => psql(user, name, `alter database "${name}" set default_transaction_read_only = on; select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`),
    writable: ({ user, name }) => psql(user, name, `set default_transaction_read_only = off; alter database "${name}" reset default_transaction_read_only; select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`),
    copy: ({ user }) => ['sh', '-c', copyPostgres, 'copy', user],
    unpack: ['sh', '-c', unpackPostgres],
  },
  mariadb: mysqlTools('mariadb', 'mariadb-dump', []),
  mysql: mysqlTools('mysql', 'mysqldump', ['--no-tablespaces', '--set-gtid-purged=OFF']),
  redis: {
    fileEnding: 'rdb', compress: false, loadsInto: 'volume',
    dump: () => ['sh', '-c', dumpRedis],
    load: () => ['sh', '-c', loadRedis],
    count: () => ['sh', '-c', countRedis],
    shell: () => ['redis-cli'],
    // With a least number of replicas that there is not, a write is refused and a read answered.
    readOnly: () => ['redis-cli', 'config', 'set', 'min-replicas-to-write', '1'],
    writable: () => ['redis-cli', 'config', 'set', 'min-replicas-to-write', '0'],
  },
};

/** Whether a dump came to its end, and did not only break off without an error. */
export function isWholeDump({ exitCode, errorText }: { exitCode: number; errorText: string }): boolean {
  return exitCode === 0 && /^dump complete$/m.test(errorText);
}

/**
 * Rows by table from what a script wrote: lines `rows`, table, least, most, with tabs between. What is counted before and after a dump
 * comes twice, and is put together. Other lines are left out.
 */
export function parseRows(text: string): RowCount[] {
  const rows = new Map<string, RowCount>();
  for (const line of text.split('\n')) {
    const [word, ...rest] = line.split('\t');
    if (word !== 'rows' || rest.length < 3) continue;
    const [most, least] = [Number(rest.pop()), Number(rest.pop())];
    const table = rest.join('\t');
    if (!Number.isInteger(least) || !Number.isInteger(most)) continue;
    const known = rows.get(table);
    rows.set(table, { table, least: Math.min(least, known?.least ?? least), most: Math.max(most, known?.most ?? most) });
  }
  return [...rows.values()].toSorted((a, b) => a.table.localeCompare(b.table, 'en'));
}

/** What differs between the rows that a backup says it has and those that came out of it; empty: nothing. Pure. */
export function rowDifferences(expected: readonly RowCount[], found: readonly RowCount[]): string[] {
  const differences: string[] = [];
  const rest = new Map(found.map((row) => [row.table, row]));
  for (const { table, least, most } of expected) {
    const row = rest.get(table);
    rest.delete(table);
    const count = row?.most ?? 0;
    // An empty Redis database is not listed at all.
    if (!row && least === 0) continue;
    if (!row) differences.push(`${table} is missing`);
    else if (count < least || count > most) differences.push(`${table}: expected ${least === most ? least : `${least} to ${most}`} rows, got ${count}`);
  }
  for (const table of rest.keys()) differences.push(`${table} was not in the backup's list`);
  return differences;
}
