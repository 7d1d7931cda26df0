import { parseStat } from './read-running.ts';
import { askHaproxy } from './runtime-socket.ts';
import type { ProxyPaths } from './settings.ts';
import { listOldWorkers } from './workers.ts';

/** Counters since HAProxy's present worker started: a reload begins them anew. */
export interface SiteStats {
  /** Site id. */
  id: string;
  requests: number;
  errors4xx: number;
  errors5xx: number;
  retries: number;
  bytesIn: number;
  bytesOut: number;
  sessions: number;
  /** Average over the last 1024 requests. */
  responseMs: number;
}

export interface ProxyStats {
  version: string;
  uptimeSeconds: number;
  connections: number;
  /** Workers that a reload replaced and that still hold connections. */
  oldWorkers: number;
  sites: SiteStats[];
}

/** Figures of HAProxy and of every site. Throws PROXY_FAILED when it does not answer. */
export async function readSiteStats(paths: ProxyPaths): Promise<ProxyStats> {
  const [info, stat, old] = await Promise.all([askHaproxy(paths.socket, 'show info'), askHaproxy(paths.socket, 'show stat -1 2 -1'), listOldWorkers(paths)]);
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  return {
    version: field('Version'),
    uptimeSeconds: Number(field('Uptime_sec')),
    connections: Number(field('CurrConns')),
    oldWorkers: old.length,
    sites: parseStat(stat).filter((row) => row.pxname?.startsWith('site-')).map((row) => ({
      id: row.pxname?.slice('site-'.length) ?? '',
      requests: Number(row.req_tot),
      errors4xx: Number(row.hrsp_4xx),
      errors5xx: Number(row.hrsp_5xx),
      retries: Number(row.wretr),
      bytesIn: Number(row.bin),
      bytesOut: Number(row.bout),
      sessions: Number(row.scur),
      responseMs: Number(row.rtime),
    })),
  };
}
