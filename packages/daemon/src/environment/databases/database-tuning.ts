import type { DatabaseEngine } from '@redcontrol/contract';

const mebibyte = 1024 ** 2;

export interface TuningWish {
  /** What the database's container may take. */
  memoryBytes: number;
  /** Most connections; undefined: what suits the memory. */
  connections: number | undefined;
}

/** A connection of PostgreSQL or MariaDB costs about this much when it works. */
const connectionBytes = 10 * mebibyte;

/** Connections that suit a memory, within what apps usually need. Pure. */
export function defaultConnections(memoryBytes: number): number {
  return Math.min(300, Math.max(50, Math.floor(memoryBytes / 2 / connectionBytes)));
}

/**
 * Arguments of a database server that make it use the memory it may take, and no more: PostgreSQL by the shares its manual names, MariaDB and MySQL with half of it
 * for the buffer pool, Redis with three quarters for data, so that it refuses writes rather than being killed. Pure.
 */
export function databaseTuning(engine: Exclude<DatabaseEngine, 'sqlite'>, { memoryBytes, connections = defaultConnections(memoryBytes) }: TuningWish): string[] {
  const megabytes = (share: number, least: number) => Math.max(least, Math.floor((memoryBytes * share) / mebibyte));
  switch (engine) {
    case 'postgres': {
      const workMegabytes = Math.max(1, Math.min(64, Math.floor(memoryBytes / 4 / connections / mebibyte)));
      const settings = { max_connections: connections, shared_buffers: `${megabytes(0.25, 32)}MB`, effective_cache_size: `${megabytes(0.75, 64)}MB`, maintenance_work_mem: `${Math.min(1024, megabytes(0.0625, 16))}MB`, work_mem: `${workMegabytes}MB` };
      return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    }
    case 'mariadb':
    case 'mysql':
      return [`--max-connections=${connections}`, `--innodb-buffer-pool-size=${megabytes(0.5, 64)}M`];
    case 'redis':
      return ['--maxclients', String(connections), '--maxmemory', `${megabytes(0.75, 64)}mb`, '--maxmemory-policy', 'noeviction'];
  }
}
