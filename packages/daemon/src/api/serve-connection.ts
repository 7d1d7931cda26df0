import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { asRedControlError, methods, RedControlError, type MethodName, type NotificationBody, type NotificationName, type ParsedParams } from '@redcontrol/contract';
import { createMessageConnection, ResponseError, StreamMessageReader, StreamMessageWriter, type CancellationToken, type MessageConnection } from 'vscode-jsonrpc/node';
import type { DaemonContext } from '../context.ts';
import type { ExecSession } from '../engine/index.ts';
import type { JobRunner } from '../jobs/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { Outbox } from '../notify/index.ts';
import type { PipelineParts } from '../pipeline/run-pipeline.ts';
import type { PreviewEndings } from '../preview/index.ts';
import type { RunQueue } from '../pipeline/queue.ts';
import type { ProjectFollowers } from '../projects/follow-projects.ts';
import { audited, auditFailure } from './audited.ts';
import { authorize, identify, type Caller } from './caller.ts';
import { handlers } from './handlers.ts';

export interface ApiParts {
  queue: RunQueue;
  followers: ProjectFollowers;
  previews: PreviewEndings;
  pipeline: PipelineParts;
  outbox: Outbox;
  jobs: JobRunner;
  metrics: Metrics;
  /** Called with each growth of a log, for those who follow. */
  onLog(listener: (log: NotificationBody<'log'>) => void): () => void;
  startedAt: number;
  version: string;
}

/** One call as its handler sees it. */
export interface Call<M extends MethodName = MethodName> {
  daemon: DaemonContext;
  parts: ApiParts;
  caller: Caller;
  params: ParsedParams<M>;
  /** Address that the caller comes from, where sshd tells it. */
  from: string | undefined;
  signal: AbortSignal;
  /** For calls that name a project only indirectly: throws FORBIDDEN unless the caller's role there suffices. */
  authorizeFor(project: string): void;
  notify<N extends NotificationName>(name: N, body: NotificationBody<N>): void;
  /** Resolves when the caller has taken most of what it was sent: who sends much waits for it. */
  taken(): Promise<void>;
  /** Programs that this connection runs in containers, by the name that it gave each. */
  sessions: Map<string, ExecSession>;
  /** Runs when the connection ends. */
  onClose(task: () => void): void;
}

/** Larger messages are refused, so that a caller cannot fill the memory. */
const maxMessageBytes = 4 * 1024 ** 2;
/** Who sends much waits while more than this is not sent. */
const roomBytes = 1024 ** 2;
/** A reader that does not take what it is sent is disconnected. */
const maxUnsentBytes = 16 * 1024 ** 2;

export function serveConnection(daemon: DaemonContext, parts: ApiParts, options: { connection: Socket; as: string; from: string | undefined; rest: Buffer }): void {
  const { connection, as, from } = options;
  const sessions = new Map<string, ExecSession>();
  const input = new PassThrough();
  input.write(options.rest);
  limitHeaderAndBody(connection, input);
  const rpc = createMessageConnection(new StreamMessageReader(input), new StreamMessageWriter(connection));
  const closing: (() => void)[] = [];
  connection.once('close', () => {
    for (const task of closing.splice(0)) task();
    rpc.dispose();
  });
  rpc.onError(() => connection.destroy());
  rpc.onRequest((method: string, params: unknown, token: CancellationToken) => answer(daemon, parts, { rpc, connection, as, from, sessions, method, params, token, closing }));
  rpc.onUnhandledNotification(() => {});
  rpc.listen();
}

interface Request {
  rpc: MessageConnection;
  connection: Socket;
  as: string;
  from: string | undefined;
  sessions: Map<string, ExecSession>;
  method: string;
  params: unknown;
  token: CancellationToken;
  closing: (() => void)[];
}

async function answer(daemon: DaemonContext, parts: ApiParts, request: Request): Promise<unknown> {
  const controller = new AbortController();
  request.token.onCancellationRequested(() => controller.abort(new RedControlError('CANCELLED', `${request.method} was cancelled`)));
  try {
    const name = methodName(request.method);
    const parsed = methods[name].params.safeParse(unwrap(request.params) ?? {});
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new RedControlError('USAGE', `Expected parameters of ${name}, got a wrong ${issue?.path.join('.') || 'value'}: ${issue?.message}`);
    }
    const params = parsed.data as ParsedParams<MethodName>;
    const project = (params as { project?: string }).project;
    const call = { method: name, params, as: request.as, from: request.from };
    const caller = name === 'hello' ? identify(daemon, request.as) : audited(daemon, call, () => authorize(daemon, request.as, { method: name, needs: methods[name].role, project }));
    const made: Call = {
      daemon, parts, caller, params, from: request.from, signal: controller.signal,
      authorizeFor: (of) => void authorize(daemon, request.as, { method: name, needs: methods[name].role, project: of }),
      notify(notification, body) {
        if (request.connection.writableLength > maxUnsentBytes) return void request.connection.destroy();
        void request.rpc.sendNotification(notification, body).catch(() => {});
      },
      taken: () => takenFrom(request.connection),
      sessions: request.sessions,
      onClose: (task) => request.closing.push(task),
    };
    request.closing.push(() => controller.abort(new RedControlError('CANCELLED', 'The connection was closed')));
    return await auditFailure(daemon, { ...call, caller }, async () => (handlers[name] as (call: Call) => unknown)(made));
  } catch (thrown) {
    const error = asRedControlError(thrown);
    if (error.code === 'INTERNAL') daemon.log.error(`${request.method} failed`, thrown);
    throw new ResponseError(-32_000, error.message, error.toJSON());
  }
}

/** Resolves when little waits to be sent, or the connection is over. */
async function takenFrom(connection: Socket): Promise<void> {
  if (connection.writableLength < roomBytes || connection.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      connection.off('drain', done);
      connection.off('close', done);
      resolve();
    };
    connection.once('drain', done);
    connection.once('close', done);
  });
}

function methodName(method: string): MethodName {
  if (Object.hasOwn(methods, method)) return method as MethodName;
  throw new RedControlError('USAGE', `Expected a method of the contract, got ${method.slice(0, 80)}`);
}

/** By-position parameters with one object mean the object. */
function unwrap(params: unknown): unknown {
  return Array.isArray(params) ? params[0] : params;
}

/** Passes bytes on as long as no message announces more than the limit; garbage and giants end the connection. */
function limitHeaderAndBody(connection: Socket, input: PassThrough): void {
  let header = '';
  let bodyLeft = 0;
  connection.on('data', (chunk: Buffer) => {
    let at = 0;
    while (at < chunk.length) {
      if (bodyLeft > 0) {
        const taken = Math.min(bodyLeft, chunk.length - at);
        bodyLeft -= taken;
        at += taken;
        continue;
      }
      header += String.fromCharCode(chunk[at]!);
      at += 1;
      if (header.endsWith('\r\n\r\n')) {
        bodyLeft = Number(/content-length: *(\d{1,9})\r\n/i.exec(header)?.[1] ?? Number.NaN);
        header = '';
        if (Number.isNaN(bodyLeft) || bodyLeft > maxMessageBytes) return void connection.destroy();
      } else if (header.length > 1000) return void connection.destroy();
    }
    input.write(chunk);
  });
  connection.once('end', () => input.end());
  connection.once('close', () => input.end());
  connection.resume();
}
