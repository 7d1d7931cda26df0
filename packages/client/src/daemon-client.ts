import type { Readable, Writable } from 'node:stream';
import {
  contractVersion, methods, notifications, RedControlError,
  type MethodName, type NotificationBody, type NotificationName, type Params, type Result,
} from '@redcontrol/contract';
import { CancellationTokenSource, createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import { errorOfAnswer } from './answer-error.ts';

export interface CallOptions {
  /** Asks the daemon to stop; the call then throws CANCELLED. */
  signal?: AbortSignal;
  /** Progress of a long method. */
  onProgress?: (progress: NotificationBody<'progress'>) => void;
}

/** A conversation with one daemon. */
export interface DaemonClient {
  /** What the daemon said of itself and of who is calling. */
  readonly hello: Result<'hello'>;
  /** Calls a method. Throws the daemon's own error, or DAEMON_UNREACHABLE when the connection ends first. */
  call<M extends MethodName>(method: M, params: Params<M>, options?: CallOptions): Promise<Result<M>>;
  /** Hears the daemon's messages of one kind; the returned function ends that. */
  on<N extends NotificationName>(name: N, listener: (body: NotificationBody<N>) => void): () => void;
  /** Resolves with the reason when the connection is over; with undefined after `close`. */
  readonly closed: Promise<RedControlError | undefined>;
  close(): Promise<void>;
}

/** Two streams to a daemon, however they were made. */
export interface DaemonStreams {
  /** Where the daemon is, for messages: `main (203.0.113.10)`. */
  name: string;
  input: Readable;
  output: Writable;
  /** Resolves with the reason when the other side is gone. */
  ended: Promise<RedControlError>;
  /** Ends the conversation; at once when `force` is set, else the other side may end it in its own time. */
  close(options?: { force: boolean }): Promise<void>;
}

export interface ClientOptions {
  /** What calls, for the daemon's log: `redcontrol 0.1.0`. */
  clientName: string;
  signal?: AbortSignal;
  /** How long the daemon may take for its first answer. */
  helloTimeoutMs?: number;
  /** How long an answer to a cancelled call is waited for. */
  cancelTimeoutMs?: number;
}

/**
 * Greets the daemon on the other end of two streams and agrees on the contract.
 * Throws CONTRACT_MISMATCH, DAEMON_UNREACHABLE, or what made the streams end.
 */
export async function openDaemonClient(streams: DaemonStreams, options: ClientOptions): Promise<DaemonClient> {
  const connection = createMessageConnection(new StreamMessageReader(streams.input), new StreamMessageWriter(streams.output), silentLogger);
  const listeners = listenTo(connection);
  let closing = false;
  const closed = endOf(streams, connection).then((reason) => (closing ? undefined : reason));
  const calling: Calling = { connection, name: streams.name, listeners, waiting: new Set(), over: undefined, cancelTimeoutMs: 0 };
  void closed.then((reason) => {
    calling.over = reason ?? new RedControlError('DAEMON_UNREACHABLE', `Expected an answer from ${streams.name}, got the end of the connection`);
    for (const tell of calling.waiting) tell(calling.over);
    connection.dispose();
  });
  connection.listen();
  const call = caller(calling);
  const close = async () => {
    closing = true;
    await streams.close();
    await closed;
  };

  const helloTimeoutMs = options.helloTimeoutMs ?? 20_000;
  const timeout = AbortSignal.timeout(helloTimeoutMs);
  try {
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const hello = await call('hello', { contractVersion, client: options.clientName.slice(0, 100) }, { signal });
    if (hello.contractVersion !== contractVersion) throw contractMismatch(streams.name, hello);
    calling.cancelTimeoutMs = options.cancelTimeoutMs ?? 3_000;
    return { hello, call, on: listeners.on, closed, close };
  } catch (error) {
    closing = true;
    await streams.close({ force: true });
    if (!timeout.aborted || options.signal?.aborted) throw error;
    throw new RedControlError('DAEMON_UNREACHABLE', `Expected the daemon on ${streams.name} to answer within ${helloTimeoutMs / 1000} s, it did not`, { cause: error, hint: 'Look at it on the server: journalctl -u redcontrol -n 50' });
  }
}

interface Calling {
  connection: MessageConnection;
  name: string;
  listeners: Listeners;
  /** Those who wait for an answer, to be told of the connection's end. */
  waiting: Set<(reason: RedControlError) => void>;
  /** Why nothing can be called any more. */
  over: RedControlError | undefined;
  cancelTimeoutMs: number;
}

function caller(calling: Calling): DaemonClient['call'] {
  const { connection, name, listeners, waiting } = calling;
  let lastToken = 0;
  return async (method, params, { signal, onProgress } = {}) => {
    if (signal?.aborted) throw new RedControlError('CANCELLED', `${method} was cancelled`);
    if (calling.over) throw calling.over;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancellation = new CancellationTokenSource();
    let late: NodeJS.Timeout | undefined;
    const cancel = () => {
      cancellation.cancel();
      late = setTimeout(() => reject(new RedControlError('CANCELLED', `${method} was cancelled`)), calling.cancelTimeoutMs);
    };
    signal?.addEventListener('abort', cancel, { once: true });
    waiting.add(reject);
    const progressToken = onProgress ? `p${(lastToken += 1)}` : undefined;
    const stopProgress = onProgress ? listeners.on('progress', (progress) => progress.token === progressToken && onProgress(progress)) : undefined;
    const send = async () => connection.sendRequest<unknown>(method, progressToken ? { ...params, progressToken } : params, cancellation.token);
    send().then(resolve, (error: unknown) => {
      const meant = errorOfAnswer(error, { method, name });
      // Of the connection's end those who wait are told with its reason, which this error does not know.
      if (meant) reject(meant);
    });
    try {
      return parseAnswer(method, await promise, name);
    } finally {
      clearTimeout(late);
      signal?.removeEventListener('abort', cancel);
      waiting.delete(reject);
      stopProgress?.();
      cancellation.dispose();
    }
  };
}

function parseAnswer<M extends MethodName>(method: M, answer: unknown, name: string): Result<M> {
  const parsed = methods[method].result.safeParse(answer);
  if (parsed.success) return parsed.data as Result<M>;
  const first = parsed.error.issues[0];
  throw new RedControlError('CONTRACT_MISMATCH', `Expected an answer to ${method} in the form of this program's contract, got another from ${name} (${first?.path.join('.')}: ${first?.message})`, { hint: upgradeHint });
}

const upgradeHint = 'Bring both to one version: `redcontrol server upgrade`, or install the newest version of this program here.';

function contractMismatch(name: string, hello: Result<'hello'>): RedControlError {
  const remedy = hello.contractVersion < contractVersion ? 'Run `redcontrol server upgrade`, or ask an admin of the server for it.' : 'Install the newest version of this program here: the server\'s is newer.';
  return new RedControlError('CONTRACT_MISMATCH', `Expected a daemon on ${name} that speaks contract ${contractVersion}, got ${hello.contractVersion} (daemon ${hello.daemonVersion})`, { hint: remedy });
}

/** The first of: the other side is gone, the connection was closed, what came is no JSON-RPC. */
function endOf(streams: DaemonStreams, connection: MessageConnection): Promise<RedControlError> {
  return new Promise((resolve) => {
    void streams.ended.then(resolve);
    connection.onError(([error]) => {
      resolve(new RedControlError('DAEMON_UNREACHABLE', `Expected the daemon's messages from ${streams.name}, got something else (${error.message})`, {
        cause: error, hint: 'A login script on the server that prints text (.bashrc, .profile) gets in the way: make it silent for non-interactive logins.',
      }));
      void streams.close();
    });
    connection.onClose(() => void streams.close());
  });
}

interface Listeners {
  on: DaemonClient['on'];
}

function listenTo(connection: MessageConnection): Listeners {
  const heard = new Map<NotificationName, Set<(body: never) => void>>();
  for (const name of Object.keys(notifications) as NotificationName[]) {
    const listeners = new Set<(body: never) => void>();
    heard.set(name, listeners);
    connection.onNotification(name, (body: unknown) => {
      const parsed = notifications[name].safeParse(body);
      // A newer daemon's message that this program does not understand changes nothing here.
      if (!parsed.success) return;
      for (const listener of listeners) listener(parsed.data as never);
    });
  }
  return {
    on(name, listener) {
      const listeners = heard.get(name);
      listeners?.add(listener as (body: never) => void);
      return () => listeners?.delete(listener as (body: never) => void);
    },
  };
}

const silentLogger = { error() {}, warn() {}, info() {}, log() {} };
