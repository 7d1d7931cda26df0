import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asRedControlError } from '@redcontrol/contract';
import { maxTokenCharacters, createSessionGate, type SessionGate } from './session-gate.ts';
import type { PageFiles } from './page-files.ts';

export interface HttpServer {
  server: Server;
  gate: SessionGate;
  port: number;
}

export interface HttpParts {
  page: PageFiles;
  /** Answers `/download/…`; throws errors of the contract before the first byte. */
  download: (url: URL, response: ServerResponse) => Promise<void>;
  port?: number;
}

/** Listens on loopback only. The page's files are open to this machine; everything else needs the session. */
export async function serveHttp({ page, download, port: wanted = 0 }: HttpParts): Promise<HttpServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const gate = createSessionGate(port);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer({ request, response, gate, page, download, port });
  });
  return { server, gate, port };
}

interface Answering extends HttpParts {
  request: IncomingMessage;
  response: ServerResponse;
  gate: SessionGate;
  port: number;
}

async function answer({ request, response, gate, page, download, port }: Answering): Promise<void> {
  if (!gate.isHostOurs(request)) return refuse(response, 421);
  const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
  if (url.pathname === '/session') return session(request, response, gate);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405);
  if (url.pathname.startsWith('/download/')) {
    if (!gate.hasSession(request)) return refuse(response, 401);
    return download(url, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'Content-Type': 'text/plain; charset=utf-8' }).end(asRedControlError(error).message);
    });
  }
  const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (!page.send(url.pathname, response, { gzip, port })) refuse(response, 404);
}

/** GET says whether the page has a session, POST exchanges the one-time token for it. */
async function session(request: IncomingMessage, response: ServerResponse, gate: SessionGate): Promise<void> {
  if (request.method === 'GET') return void response.writeHead(gate.hasSession(request) ? 204 : 401, { 'Cache-Control': 'no-store' }).end();
  if (request.method !== 'POST') return refuse(response, 405);
  if (!gate.isOriginOurs(request)) return refuse(response, 403);
  let token = '';
  for await (const chunk of request) {
    token += String(chunk);
    if (token.length > maxTokenCharacters) return refuse(response, 413);
  }
  const cookie = gate.exchange(token);
  if (!cookie) return refuse(response, 403);
  response.writeHead(204, { 'Set-Cookie': cookie, 'Cache-Control': 'no-store' }).end();
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' }).end();
}
