import {
  controlNotifications, RedControlError, isErrorCode,
  type ControlMethodName, type ControlNotificationBody, type ControlNotificationName, type ControlParams, type ControlResult, type WireError,
} from '@redcontrol/contract';
import { CancellationTokenSource, createMessageConnection, ResponseError, type MessageConnection } from 'vscode-jsonrpc/browser';
import { browserStreams } from './browser-streams.ts';

/** lost: control is gone or does not know this page any more. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'denied';

export interface ControlConnection {
  readonly state: ConnectionState;
  onState(listener: (state: ConnectionState) => void): () => void;
  /** Waits for the connection when it is being made again. Throws control's error. */
  call<M extends ControlMethodName>(method: M, params: ControlParams<M>, signal?: AbortSignal): Promise<ControlResult<M>>;
  on<N extends ControlNotificationName>(name: N, listener: (body: ControlNotificationBody<N>) => void): () => void;
}

const longestWaitMs = 3_000;
/** After this many attempts the page says that control is gone; it goes on trying. */
const lostAfterAttempts = 2;

/** Speaks with control for as long as the page lives, and connects again when the connection is cut. */
export function connectControl(): ControlConnection {
  const states = new Set<(state: ConnectionState) => void>();
  const listeners = new Map<ControlNotificationName, Set<(body: never) => void>>();
  const askForSession = createSession(takeToken());
  let state: ConnectionState = 'connecting';
  let opening = Promise.withResolvers<MessageConnection>();
  const change = (next: ConnectionState) => {
    if (next === state) return;
    state = next;
    for (const listener of states) listener(next);
  };
  const hear = (connection: MessageConnection) => {
    for (const name of Object.keys(controlNotifications) as ControlNotificationName[]) {
      connection.onNotification(name, (body: unknown) => {
        for (const listener of listeners.get(name) ?? []) listener(body as never);
      });
    }
  };
  const keepOpen = async () => {
    for (let attempt = 0; ; attempt += 1) {
      // Asked before each attempt: a program that was started anew does not know this page any more.
      const session = await askForSession();
      if (session === 'denied') return change('denied');
      const connection = session === 'known' ? await open() : undefined;
      if (connection) {
        attempt = 0;
        hear(connection);
        connection.listen();
        opening.resolve(connection);
        change('open');
        await new Promise<void>((resolve) => connection.onClose(resolve));
        connection.dispose();
        opening = Promise.withResolvers();
      }
      change(attempt >= lostAfterAttempts ? 'lost' : 'connecting');
      await new Promise((resolve) => setTimeout(resolve, Math.min(longestWaitMs, 200 * 2 ** attempt) * (0.5 + Math.random() / 2)));
    }
  };
  void keepOpen();
  return {
    get state() {
      return state;
    },
    onState(listener) {
      states.add(listener);
      return () => states.delete(listener);
    },
    call: async (method, params, signal) => send(await opening.promise, { method, params, signal }) as never,
    on(name, listener) {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known.add(listener as (body: never) => void));
      return () => known.delete(listener as (body: never) => void);
    },
  };
}

interface Request {
  method: ControlMethodName;
  params: unknown;
  signal: AbortSignal | undefined;
}

async function send(connection: MessageConnection, { method, params, signal }: Request): Promise<unknown> {
  const cancellation = new CancellationTokenSource();
  const cancel = () => cancellation.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await connection.sendRequest(method, params, cancellation.token);
  } catch (thrown) {
    throw errorOf(thrown);
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancellation.dispose();
  }
}

function errorOf(thrown: unknown): RedControlError {
  const wire = thrown instanceof ResponseError ? (thrown.data as WireError | undefined) : undefined;
  if (wire && isErrorCode(wire.code)) {
    return new RedControlError(wire.code, wire.message, { ...(wire.hint ? { hint: wire.hint } : {}), ...(wire.problems ? { problems: wire.problems } : {}) });
  }
  return new RedControlError('INTERNAL', thrown instanceof Error ? thrown.message : String(thrown));
}

/** The one-time token is in the fragment, which browsers send nowhere; it does not stay in the address. */
function takeToken(): string | undefined {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (token) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** Asks whether control knows this page: by the cookie, which is given once for the token. */
function createSession(token: string | undefined): () => Promise<'known' | 'denied' | 'unanswered'> {
  let unused = token;
  return async () => {
    try {
      if (unused !== undefined) {
        const exchanged = await fetch('/session', { method: 'POST', body: unused });
        unused = undefined;
        if (exchanged.ok) return 'known';
      }
      return (await fetch('/session')).ok ? 'known' : 'denied';
    } catch {
      return 'unanswered';
    }
  };
}

function open(): Promise<MessageConnection | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/rpc`);
    socket.addEventListener('error', () => resolve(undefined));
    socket.addEventListener('open', () => {
      const { reader, writer } = browserStreams(socket);
      resolve(createMessageConnection(reader, writer, { error() {}, warn() {}, info() {}, log() {} }));
    });
  });
}
