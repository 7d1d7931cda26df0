import type { DatabaseEngine } from '@redcontrol/contract';

export interface DatabaseImage {
  engine: DatabaseEngine;
  version?: string;
}

const engines: Record<string, DatabaseEngine> = { postgres: 'postgres', postgresql: 'postgres', mysql: 'mysql', mariadb: 'mariadb', redis: 'redis', valkey: 'redis' };

/** Which database an image such as `postgres:16-alpine` or `bitnami/redis:7.2` is; undefined for any other image. */
export function databaseImage(image: string): DatabaseImage | undefined {
  const [, name = '', tag = ''] = /^(?:[^\s@]*\/)?([a-z0-9._-]{1,100})(?::([\w.-]{1,128}))?(?:@.*)?$/.exec(image) ?? [];
  const engine = Object.hasOwn(engines, name) ? engines[name] : undefined;
  if (engine === undefined) return undefined;
  // PostgreSQL is known by its first number, the others by the first two.
  const version = (engine === 'postgres' ? /^\d{1,3}/ : /^\d{1,3}(?:\.\d{1,3})?/).exec(tag)?.[0];
  return version === undefined ? { engine } : { engine, version };
}

/** Sets the database or Redis that an image stands for; false where another one stands there already. */
export function takeDatabase(take: { database?: DatabaseImage; redis?: { version?: string } }, { engine, version }: DatabaseImage): boolean {
  const versions = version === undefined ? {} : { version };
  if (engine === 'redis') {
    if (take.redis) return false;
    take.redis = versions;
    return true;
  }
  if (take.database) return false;
  take.database = { engine, ...versions };
  return true;
}
