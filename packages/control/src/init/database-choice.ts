import type { DatabaseEngine } from '@redcontrol/contract';
import type { RepositoryView } from '@redcontrol/presets';
import type { Choice } from './branch-choice.ts';

/** Files that name what an app depends on. */
const files = ['requirements.txt', 'pyproject.toml', 'Pipfile', 'package.json', 'go.mod', 'Cargo.toml', 'pom.xml', 'build.gradle', 'Gemfile', 'composer.json'];

/** Drivers by which an app speaks to a database, as the files above name them. */
const drivers: { engine: DatabaseEngine; pattern: RegExp }[] = [
  { engine: 'postgres', pattern: /\b(psycopg2(?:-binary)?|psycopg|asyncpg)\b|"(?:pg|postgres|@prisma\/adapter-pg)"\s*:|\b(jackc\/pgx|lib\/pq)\b|\b(tokio-postgres)\b|<artifactId>(postgresql)<|gem ["'](?:pg)["']/ },
  { engine: 'mariadb', pattern: /\b(mysqlclient|PyMySQL|aiomysql|mariadb)\b|"(?:mysql|mysql2|mariadb)"\s*:|go-sql-driver\/(mysql)|<artifactId>(mysql-connector-j|mariadb-java-client)<|gem ["'](?:mysql2)["']/i },
];
const redis = /\b(redis|celery\[redis\]|django-redis)\b\s*(?:[=<>~![]|$)|"(?:redis|ioredis|bullmq)"\s*:|redis\/go-redis|spring-boot-starter-data-redis|gem ["']redis["']/m;

export interface DatabaseChoice {
  database: Choice<DatabaseEngine> | undefined;
  redis: Choice<true> | undefined;
}

/** Which database an app needs, by the drivers among its dependencies. Two kinds of database at once are no clear sign. */
export async function databaseChoice(repository: RepositoryView): Promise<DatabaseChoice> {
  const texts = await Promise.all(files.map(async (file) => ({ file, text: (await repository.readText(file)) ?? '' })));
  const found = drivers.flatMap(({ engine, pattern }) => {
    const place = texts.find(({ text }) => pattern.test(text));
    return place ? [{ value: engine, why: `${place.file} names ${driverName(place.text, pattern)}` }] : [];
  });
  const redisPlace = texts.find(({ text }) => redis.test(text));
  return {
    database: found.length === 1 ? found[0] : undefined,
    redis: redisPlace ? { value: true, why: `${redisPlace.file} names a client of Redis` } : undefined,
  };
}

function driverName(text: string, pattern: RegExp): string {
  const found = pattern.exec(text);
  return (found?.slice(1).find((group) => group !== undefined) ?? found?.[0] ?? '').replace(/[":\s]|^gem |'/g, '');
}
