import { chmod, mkdir, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import { name } from '@redcontrol/contract';
import type { Clock } from '@redcontrol/system';
import { readBody } from './read-body.ts';
import { pushOf, type PushInfo } from './push-info.ts';
import type { ReplayStore } from './replay-store.ts';
import { replayKeys } from './replay-store.ts';
import { isSigned } from './signature.ts';

export interface WebhookServerOptions {
  socketPath: string;
  /** Secret of a project's hook; undefined: there is no such project. */
  hooks(project: string): { secret: string } | undefined;
  /** A signed, new delivery says that something was pushed. Its claims are not trusted: they only make us look. */
  onPush(project: string, info: PushInfo): void;
  replayStore: ReplayStore;
  clock: Clock;
  /** Mode of the socket. What reaches it is what the internet sends; it is guarded by signatures, so all may connect. */
  socketMode?: number;
  maxBodyBytes?: number;
  /** A request that has not come whole after this time is dropped. */
  requestTimeoutMs?: number;
}

export interface WebhookServer {
  close(): Promise<void>;
}

export const webhookPrefix = '/-/redcontrol/hooks/';
export const maxWebhookBodyBytes = 1024 * 1024;
const maxConnections = 256;
const maxHeaderBytes = 16 * 1024;
const maxHeaders = 100;

/** Path under which a git host's webhooks for a project arrive. */
export function webhookPath(project: string): string {
  return `${webhookPrefix}${project}`;
}

/**
 * Takes the webhooks of GitHub, GitLab, Gitea and Forgejo on a unix socket, behind the proxy. An unknown project and a
 * wrong signature are answered alike (404), after the same work, so that nobody finds out which projects there are.
 */
export async function createWebhookServer(options: WebhookServerOptions): Promise<WebhookServer> {
  const requestTimeoutMs = options.requestTimeoutMs ?? 10_000;
  const server = createServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(requestTimeoutMs, 5000),
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
    maxHeaderSize: maxHeaderBytes,
  });
  server.maxConnections = maxConnections;
  server.maxHeadersCount = maxHeaders;
  server.on('request', (request, response) => {
    answer(options, request).then(
      (given) => send(response, given),
      () => send(response, { status: 500, text: 'failed' }),
    );
  });
  await mkdir(dirname(options.socketPath), { recursive: true });
  // Only one daemon runs: a socket that is there belongs to one that is gone.
  await unlink(options.socketPath).catch(() => {});
  await listen(server, options.socketPath);
  await chmod(options.socketPath, options.socketMode ?? 0o666);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  status: number;
  text: string;
  /** The rest of the request is not read: the connection ends with the answer. */
  closes?: boolean;
}

const unknown: Answer = { status: 404, text: 'not found' };

async function answer(options: WebhookServerOptions, request: IncomingMessage): Promise<Answer> {
  const project = projectOf(request.url ?? '');
  if (request.method !== 'POST' || project === undefined) return { ...unknown, closes: true };
  const body = await readBody(request, options.maxBodyBytes ?? maxWebhookBodyBytes);
  if (body === 'too large') return { status: 413, text: 'too large', closes: true };
  if (body === 'cut') return { status: 400, text: 'cut short', closes: true };
  const hook = options.hooks(project);
  const signed = isSigned({ headers: request.headers, body, secret: hook?.secret });
  if (!hook || !signed) return unknown;
  const push = pushOf(request.headers, body);
  if (push === 'invalid') return { status: 400, text: 'not a webhook body' };
  if (push === 'ping') return { status: 200, text: 'pong' };
  if (push === 'other') return { status: 200, text: 'ignored' };
  const isNew = replayKeys(project, push.deliveryId, body).map((key) => options.replayStore.remember(key, options.clock.now()));
  if (isNew.includes(false)) return { status: 200, text: 'seen before' };
  options.onPush(project, push);
  return { status: 202, text: 'accepted' };
}

function projectOf(url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  if (!path.startsWith(webhookPrefix)) return undefined;
  const project = path.slice(webhookPrefix.length);
  return name.safeParse(project).success ? project : undefined;
}

function send(response: ServerResponse, { status, text, closes }: Answer): void {
  if (response.destroyed) return;
  const body = `${JSON.stringify({ status: text })}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...(closes ? { connection: 'close' } : {}) });
  response.end(body, () => {
    if (closes) response.socket?.destroySoon();
  });
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
