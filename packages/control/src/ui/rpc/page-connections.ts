import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  asRedControlError, controlMethods, RedControlError,
  type ControlMethodName, type ControlNotificationBody, type ControlNotificationName, type ControlResult, type ParsedControlParams,
} from '@redcontrol/contract';
import { createMessageConnection, ResponseError, type CancellationToken, type MessageConnection } from 'vscode-jsonrpc/node';
import { WebSocketServer, type WebSocket } from 'ws';
import type { SessionGate } from '../http/session-gate.ts';
import { webSocketReader, webSocketWriter } from './websocket-streams.ts';

/** Largest message from a page: a configuration or a draft. */
const maxMessageBytes = 4 * 1024 * 1024;
/** A page that does not read is let go of before it makes control hold more than this. */
const maxUnsentBytes = 64 * 1024 * 1024;
/** Windows at once. */
const maxPages = 16;
const pingEveryMs = 20_000;

export type ControlHandlers = { [M in ControlMethodName]: (params: ParsedControlParams<M>, signal: AbortSignal) => Promise<ControlResult<M>> | ControlResult<M> };

export interface PageConnections {
  /** Tells all pages. */
  notify<N extends ControlNotificationName>(name: N, body: ControlNotificationBody<N>): void;
  readonly count: number;
  close(): void;
}

export interface PageConnectionOptions {
  server: Server;
  gate: SessionGate;
  handlers: ControlHandlers;
  onCount?: (count: number) => void;
}

/** Speaks JSON-RPC with every page that has a session; others get no WebSocket. */
export function servePages({ server, gate, handlers, onCount }: PageConnectionOptions): PageConnections {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes });
  const pages = new Map<WebSocket, MessageConnection>();
  server.on('upgrade', (request, stream: Duplex, head: Buffer) => {
    const allowed = request.url === '/rpc' && gate.isHostOurs(request) && gate.isOriginOurs(request) && gate.hasSession(request) && pages.size < maxPages;
    if (!allowed) return void stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    sockets.handleUpgrade(request, stream, head, (socket) => {
      pages.set(socket, serve(socket, handlers));
      onCount?.(pages.size);
      socket.once('close', () => {
        pages.delete(socket);
        onCount?.(pages.size);
      });
      keepAlive(socket);
    });
  });
  return {
    notify(name, body) {
      for (const [socket, connection] of pages) {
        if (socket.bufferedAmount > maxUnsentBytes) socket.terminate();
        else void connection.sendNotification(name, body).catch(() => {});
      }
    },
    get count() {
      return pages.size;
    },
    close() {
      for (const socket of pages.keys()) socket.terminate();
      sockets.close();
    },
  };
}

/** Looks at something for the page alone, which may take minutes: they end with the page that asked. */
const endsWithPage = new Set<ControlMethodName>(['repository.inspect', 'repository.import', 'server.fingerprint', 'server.check', 'apply.plan']);

function serve(socket: WebSocket, handlers: ControlHandlers): MessageConnection {
  const gone = new AbortController();
  const connection = createMessageConnection(webSocketReader(socket), webSocketWriter(socket), { error() {}, warn() {}, info() {}, log() {} });
  for (const method of Object.keys(controlMethods) as ControlMethodName[]) {
    connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
      try {
        return await answer(method, params, { handlers, token, ...(endsWithPage.has(method) ? { gone: gone.signal } : {}) });
      } catch (thrown) {
        const error = asRedControlError(thrown);
        throw new ResponseError(-32_000, error.message, error.toJSON());
      }
    });
  }
  connection.onError(() => socket.terminate());
  socket.once('close', () => {
    gone.abort();
    connection.dispose();
  });
  connection.listen();
  return connection;
}

async function answer(method: ControlMethodName, params: unknown, { handlers, token, gone }: { handlers: ControlHandlers; token: CancellationToken; gone?: AbortSignal }): Promise<unknown> {
  const parsed = controlMethods[method].params.safeParse(params ?? {});
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new RedControlError('USAGE', `Expected ${issue?.message ?? 'other values'} for ${method}${issue?.path.length ? ` at ${issue.path.join('.')}` : ''}`);
  }
  const abort = new AbortController();
  const listening = token.onCancellationRequested(() => abort.abort());
  try {
    const handler = handlers[method] as (params: unknown, signal: AbortSignal) => unknown;
    return await handler(parsed.data, gone ? AbortSignal.any([abort.signal, gone]) : abort.signal);
  } finally {
    listening.dispose();
  }
}

function keepAlive(socket: WebSocket): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingEveryMs);
  socket.on('pong', () => (answered = true));
  socket.once('close', () => clearInterval(timer));
}
