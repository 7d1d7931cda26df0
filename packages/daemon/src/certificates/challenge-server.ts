import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname } from 'node:path';

const prefix = '/.well-known/acme-challenge/';
const tokenPattern = /^[A-Za-z0-9_-]{1,200}$/;

/** Answers HTTP-01 challenges on a unix socket behind HAProxy. */
export interface ChallengeServer {
  /** From now on a token is answered with this text; answers how to end that. */
  answer(token: string, text: string): () => void;
  close(): Promise<void>;
}

export async function startChallengeServer(socket: string): Promise<ChallengeServer> {
  const answers = new Map<string, string>();
  const server = createServer((request, response) => {
    const token = request.url?.startsWith(prefix) ? request.url.slice(prefix.length) : '';
    const text = tokenPattern.test(token) ? answers.get(token) : undefined;
    request.resume();
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
    response.end(text ?? 'No such challenge.\n');
  });
  server.requestTimeout = 10_000;
  await mkdir(dirname(socket), { recursive: true });
  await rm(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  // HAProxy's worker runs as another user. What is answered here is public.
  await chmod(socket, 0o666);
  return {
    answer(token, text) {
      answers.set(token, text);
      return () => answers.delete(token);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
