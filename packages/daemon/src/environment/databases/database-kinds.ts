import type { DatabaseEngine } from '@redcontrol/contract';
import type { ImageKind } from '@redcontrol/presets';

/** How each kind of database is started, asked whether it is ready, and named to an app. */
export interface DatabaseKind {
  image: ImageKind;
  port: number;
  /** Where its data lies in the container. */
  dataPath: string;
  /** What its entrypoint needs to own its data and to change to its own user. */
  capabilities: readonly string[];
  /** Variables of its container (those of the official images). */
  variables(access: DatabaseAccess): Record<string, string>;
  /** Command of its container, before the arguments that tune it. */
  command(access: DatabaseAccess): string[];
  /** Exits with 0 when it answers a real query over TCP. */
  probe(access: DatabaseAccess): string[];
  url(access: DatabaseAccess): string;
}

/** How an app reaches a database: names are those inside its network. */
export interface DatabaseAccess {
  host: string;
  user: string;
  password: string;
  name: string;
}

const entrypointCapabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'] as const;

const mariadb: DatabaseKind = {
  image: 'mariadb',
  port: 3306,
  dataPath: '/var/lib/mysql',
  capabilities: entrypointCapabilities,
  variables: ({ user, password, name }) => ({
    MARIADB_USER: user, MARIADB_PASSWORD: password, MARIADB_DATABASE: name, MARIADB_ROOT_PASSWORD: password, MYSQL_PWD: password,
  }),
  command: () => ['mariadbd'],
  probe: ({ user, name }) => ['mariadb', '--protocol=tcp', '--host=127.0.0.1', `--user=${user}`, `--database=${name}`, '--execute=SELECT 1'],
  url: ({ user, password, host, name }) => `mysql://${user}:${password}@${host}:3306/${name}`,
};

export const databaseKinds: Record<Exclude<DatabaseEngine, 'sqlite'>, DatabaseKind> = {
  postgres: {
    image: 'postgres',
    port: 5432,
    dataPath: '/var/lib/postgresql/data',
    capabilities: entrypointCapabilities,
    variables: ({ user, password, name }) => ({ POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: name, PGDATA: '/var/lib/postgresql/data/pgdata', PGPASSWORD: password }),
    command: () => ['postgres'],
    probe: ({ user, name }) => ['psql', '--host=127.0.0.1', `--username=${user}`, `--dbname=${name}`, '--no-psqlrc', '--command=SELECT 1'],
    url: ({ user, password, host, name }) => `postgres://${user}:${password}@${host}:5432/${name}`,
  },
  mariadb,
  mysql: {
    ...mariadb,
    image: 'mysql',
    command: () => ['mysqld'],
    variables: ({ user, password, name }) => ({ MYSQL_USER: user, MYSQL_PASSWORD: password, MYSQL_DATABASE: name, MYSQL_ROOT_PASSWORD: password, MYSQL_PWD: password }),
    probe: ({ user, name }) => ['mysql', '--protocol=tcp', '--host=127.0.0.1', `--user=${user}`, `--database=${name}`, '--execute=SELECT 1'],
  },
  redis: {
    image: 'redis',
    port: 6379,
    dataPath: '/data',
    capabilities: entrypointCapabilities,
    variables: ({ password }) => ({ REDISCLI_AUTH: password }),
    command: ({ password }) => ['redis-server', '--requirepass', password, '--appendonly', 'yes', '--dir', '/data'],
    probe: () => ['redis-cli', '-h', '127.0.0.1', 'ping'],
    url: ({ password, host }) => `redis://:${password}@${host}:6379/0`,
  },
};

/** Variables by which an app finds its database: the URL, the parts, and those that the database's own tools read. */
export function databaseVariables(engine: Exclude<DatabaseEngine, 'sqlite'>, access: DatabaseAccess): Record<string, string> {
  const kind = databaseKinds[engine];
  if (engine === 'redis') {
    return { REDIS_URL: kind.url(access), REDIS_HOST: access.host, REDIS_PORT: String(kind.port), REDIS_PASSWORD: access.password };
  }
  const parts = {
    DATABASE_URL: kind.url(access), DATABASE_HOST: access.host, DATABASE_PORT: String(kind.port),
    DATABASE_USER: access.user, DATABASE_PASSWORD: access.password, DATABASE_NAME: access.name,
  };
  if (engine !== 'postgres') return parts;
  return { ...parts, PGHOST: access.host, PGPORT: String(kind.port), PGUSER: access.user, PGPASSWORD: access.password, PGDATABASE: access.name };
}
