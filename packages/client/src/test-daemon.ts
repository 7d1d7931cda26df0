import { createServer, type Socket } from 'node:net';
import { contractVersion, methods, type MethodName, type NotificationBody, type NotificationName, type ParsedParams, type Result, type WireError } from '@redcontrol/contract';
import { createMessageConnection, ResponseError, StreamMessageReader, StreamMessageWriter, type CancellationToken } from 'vscode-jsonrpc/node';

export interface TestCall {
  token: CancellationToken;
  notify<N extends NotificationName>(name: N, body: NotificationBody<N>): void;
  /** The connection itself, to break it. */
  socket: Socket;
}

export type TestMethods = { [M in MethodName]?: (params: ParsedParams<M>, call: TestCall) => unknown };

/** What a method throws to answer with an error of the contract. */
export class AnswerError extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}

/** A small daemon on a unix socket that answers by the contract with what a test gives it. */
export async function startTestDaemon(path: string, answers: TestMethods): Promise<{ preambles: string[]; calls: { method: string; params: unknown }[]; close(): Promise<void> }> {
  const preambles: string[] = [];
  const calls: { method: string; params: unknown }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    void readLine(socket).then((line) => {
      preambles.push(line);
      serve(socket, { hello, ...answers }, calls);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    preambles,
    calls,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const hello = (): Result<'hello'> => ({ contractVersion, daemonVersion: '0.1.0', name: 'Anna', role: 'admin', projects: [] });

function serve(socket: Socket, answers: TestMethods, calls: { method: string; params: unknown }[]): void {
  const connection = createMessageConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  connection.onError(() => {});
  for (const [method, answer] of Object.entries(answers)) {
    connection.onRequest(method, async (params: unknown, token: CancellationToken) => {
      calls.push({ method, params });
      const parsed = methods[method as MethodName].params.parse(params);
      try {
        return await (answer as (params: unknown, call: TestCall) => unknown)(parsed, {
          token, socket,
          // A test's late message may find the other side gone.
          notify: (name, body) => void (async () => connection.sendNotification(name, body))().catch(() => {}),
        });
      } catch (error) {
        if (error instanceof AnswerError) throw new ResponseError(-32_000, error.message, error.wire);
        throw error;
      }
    });
  }
  connection.listen();
}

/** The first line, leaving what follows it for the next reader. */
async function readLine(socket: Socket): Promise<string> {
  let text = Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (!chunk) {
      await new Promise((resolve) => socket.once('readable', resolve));
      continue;
    }
    text = Buffer.concat([text, chunk]);
    const end = text.indexOf(10);
    if (end === -1) continue;
    socket.unshift(text.subarray(end + 1));
    return text.subarray(0, end).toString();
  }
}
