import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  json: Record<string, unknown>;
}

/** How the host answers one request: a status with headers and body, or not at all. */
export type Reply = { status: number; headers?: Record<string, string>; body?: string } | 'cut' | 'never';

/** An HTTP server that keeps what it is sent, and answers each request with the next reply, at the end with `usual`. */
export async function startRecordingHost(usual: Reply = { status: 200, body: 'ok' }) {
  const received: Received[] = [];
  const replies: Reply[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, text, json: asJson(text) });
      answer(response, replies.shift() ?? usual);
      for (const tell of waiting) tell();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** What the next requests are answered, in order. */
    replyNext: (...next: Reply[]) => void replies.push(...next),
    /** Resolves when so many requests came; rejects after 10 s. */
    async gets(count: number): Promise<Received[]> {
      const late = AbortSignal.timeout(10_000);
      while (received.length < count) {
        await new Promise<void>((resolve, reject) => {
          waiting.add(resolve);
          late.addEventListener('abort', () => reject(new Error(`Expected ${count} requests, got ${received.length}: ${JSON.stringify(received.map(({ text }) => text))}`)));
        });
      }
      return received;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

export type RecordingHost = Awaited<ReturnType<typeof startRecordingHost>>;

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === 'never') return;
  if (reply === 'cut') return void response.socket?.destroy();
  response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
}

function asJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
