import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { runToEnd, spawnProcess } from '@redcontrol/system';

/** git's own http backend behind a login, on loopback. */
export interface HttpHost {
  port: number;
  /** Arguments of the git processes that ran on this machine during the requests. */
  seenArguments: Set<string>;
}

export async function startHttpHost(test: TestContext, options: { root: string; login: string }): Promise<HttpHost> {
  const expected = `Basic ${Buffer.from(options.login).toString('base64')}`;
  const seenArguments = new Set<string>();
  const server = createServer(async (request, response) => {
    const { stdout } = await runToEnd('ps', ['-eo', 'args']);
    for (const line of stdout.split('\n')) if (line.includes('git')) seenArguments.add(line);
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const child = spawnProcess('git', ['http-backend'], { stdin: 'pipe', variables: cgiVariables(request, options.root) });
    request.pipe(child.stdin!);
    const chunks: Buffer[] = [];
    child.stdout!.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('close', () => {
      const output = Buffer.concat(chunks);
      const end = output.indexOf('\r\n\r\n');
      const headers = output.subarray(0, end).toString().split('\r\n').map((line) => line.split(': ', 2) as [string, string]);
      const status = Number(headers.find(([key]) => key === 'Status')?.[1].slice(0, 3) ?? 200);
      response.writeHead(status, headers.filter(([key]) => key !== 'Status').flat());
      response.end(output.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seenArguments };
}

function cgiVariables(request: IncomingMessage, root: string): Record<string, string> {
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  return {
    GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', PATH_INFO: path, QUERY_STRING: query, REQUEST_METHOD: request.method ?? 'GET',
    CONTENT_TYPE: request.headers['content-type'] ?? '', HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''), REMOTE_USER: 'anna', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1',
  };
}
