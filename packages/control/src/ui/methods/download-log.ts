import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { RedControlError } from '@redcontrol/contract';
import type { ServerLinks } from '../servers/server-links.ts';

const chunkBytes = 1_048_576;

/** Sends a whole step's log as a file, piece by piece as the browser takes it: `/download/log?server=&run=&step=`. */
export async function downloadLog(servers: ServerLinks, url: URL, response: ServerResponse): Promise<void> {
  const number = (name: string) => {
    const value = Number(url.searchParams.get(name) ?? NaN);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new RedControlError('USAGE', `Expected a number for ${name}`);
  };
  if (url.pathname !== '/download/log') throw new RedControlError('NOT_FOUND', 'Expected /download/log');
  const server = servers.get(url.searchParams.get('server') ?? '');
  const [run, step] = [number('run'), number('step')];
  for (let offset = 0; ;) {
    const { result } = await server.call('log.read', { run, step, offset, limit: chunkBytes });
    if (!response.headersSent) {
      response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff', 'Content-Disposition': `attachment; filename="run-${run}-step-${step}.log"` });
    }
    const isRoom = response.write(Buffer.from(result.data, 'base64'));
    if (result.nextOffset <= offset || result.nextOffset >= result.totalBytes) break;
    offset = result.nextOffset;
    if (response.destroyed) return;
    if (!isRoom) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}
