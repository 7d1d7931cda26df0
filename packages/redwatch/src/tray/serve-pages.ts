import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { asRedControlError } from '@redcontrol/contract';
import { plainLine } from '../cli/plain-line.ts';
import { answerPage, pageHeaders, type PageContext } from './answer-page.ts';

export interface ServedPages {
  /** The address of the last runs, with the secret that lets in. Others' begin with it. */
  url: string;
  close(): void;
}

/** Serves the pages on loopback, below a path that only who was given it knows: another user of this machine gets nothing. */
export async function servePages(context: () => PageContext): Promise<ServedPages> {
  const { createServer } = await import('node:http');
  const prefix = `/${randomBytes(24).toString('base64url')}`;
  const server = createServer((request, response) => {
    const path = below(prefix, request.url ?? '');
    const isOwn = request.method === 'GET' && request.headers.host === `127.0.0.1:${port()}`;
    const answer = isOwn && path !== undefined ? answerPage(path, context()) : Promise.resolve({ status: 404, body: '' });
    void answer.catch((thrown: unknown) => ({ status: 502, body: plainLine(asRedControlError(thrown).message).replace(/[&<>]/g, '') })).then(({ status, body }) => {
      response.writeHead(status, pageHeaders);
      response.end(body);
    });
  });
  const port = () => (server.address() as AddressInfo | null)?.port;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port()}${prefix}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The path below a secret one; undefined for any other. */
function below(prefix: string, path: string): string | undefined {
  const [given, wanted] = [Buffer.from(path.slice(0, prefix.length)), Buffer.from(prefix)];
  return given.length === wanted.length && timingSafeEqual(given, wanted) && path[prefix.length] === '/' ? path.slice(prefix.length) : undefined;
}
