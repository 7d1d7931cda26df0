import { chmod, chown, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { DaemonContext } from '../../context.ts';
import type { LiveView } from '../../release/index.ts';
import { daemonVersion } from '../../version.ts';
import type { Metrics } from '../metrics.ts';
import { collectFamilies } from './collect-families.ts';
import { renderFamilies } from './render-families.ts';

const contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8';
const maxConnections = 20;
const requestTimeoutMs = 10_000;

export interface OpenMetricsOptions {
  path: string;
  gid?: number;
  view: LiveView;
}

/** Answers `GET /metrics` on a unix socket that root and the group `redcontrol` may open; nothing is listened to on the net. */
export async function serveOpenMetrics(daemon: DaemonContext, metrics: Metrics, { path, gid, view }: OpenMetricsOptions): Promise<{ close(): Promise<void> }> {
  await rm(path, { force: true });
  const server = createServer((request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') return void response.writeHead(404).end('Expected /metrics\n');
    if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end('Expected GET\n');
    try {
      const text = renderFamilies(collectFamilies({ version: daemonVersion, last: metrics.last(), live: view.seen(), totals: metrics.requests.totals() }));
      response.writeHead(200, { 'content-type': contentType }).end(text);
    } catch (error) {
      daemon.log.error('figures could not be told', error);
      response.writeHead(500).end();
    }
  });
  server.maxConnections = maxConnections;
  server.requestTimeout = requestTimeoutMs;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  await chmod(path, 0o660);
  if (gid !== undefined) await chown(path, 0, gid);
  return {
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
