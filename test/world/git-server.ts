import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spawnProcess } from '@redcontrol/system';

/** git's own http backend on loopback, over bare repositories below a folder; it can go away and come back. */
export interface GitServer {
  url(path: string): string;
  /** Stops listening and cuts what is open. */
  stop(): Promise<void>;
  /** Listens at the same port again. */
  start(): Promise<void>;
  /** At the next fetch half of the pack is sent, then the server is gone. Resolves when that has happened. */
  stopInFetch(): Promise<void>;
}

export async function startGitServer(root: string): Promise<GitServer> {
  let server: Server | undefined;
  let port = 0;
  let cut: (() => void) | undefined;

  const stop = async () => {
    const old = server;
    server = undefined;
    if (!old) return;
    const closed = new Promise((resolve) => old.close(resolve));
    old.closeAllConnections();
    await closed;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { status, headers, body, isFetch } = await askBackend(request, root);
    response.writeHead(status, headers);
    if (!cut || !isFetch) return void response.end(body);
    const done = cut;
    cut = undefined;
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => void stop().then(done));
  };
  const start = async () => {
    const fresh = createServer((request, response) => void answer(request, response));
    await new Promise<void>((resolve, reject) => fresh.once('error', reject).listen(port, '127.0.0.1', resolve));
    port = (fresh.address() as AddressInfo).port;
    server = fresh;
  };

  await start();
  return {
    url: (path) => `http://127.0.0.1:${port}/${path}`,
    stop, start,
    stopInFetch: () => new Promise((resolve) => (cut = resolve)),
  };
}

interface BackendAnswer {
  status: number;
  headers: string[];
  body: Buffer;
  isFetch: boolean;
}

async function askBackend(request: IncomingMessage, root: string): Promise<BackendAnswer> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const asked = await read(request);
  const child = spawnProcess('git', ['http-backend'], {
    stdin: 'pipe',
    variables: {
      GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: path, QUERY_STRING: query, REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1',
    },
  });
  // It may end without reading.
  child.stdin!.on('error', () => {});
  child.stdin!.end(asked);
  const output = await read(child.stdout!);
  const end = output.indexOf('\r\n\r\n');
  const lines = output.subarray(0, end).toString().split('\r\n').map((line) => line.split(': ', 2) as [string, string]);
  return {
    status: Number(lines.find(([key]) => key === 'Status')?.[1].slice(0, 3) ?? 200),
    headers: lines.filter(([key]) => key !== 'Status').flat(),
    body: output.subarray(end + 4),
    isFetch: asked.includes('command=fetch'),
  };
}

async function read(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
