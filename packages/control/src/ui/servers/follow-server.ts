import {
  asRedControlError, RedControlError,
  type MethodName, type NotificationBody, type Params, type RedControlEvent, type Result, type ServerAddress, type ServerLink,
} from '@redcontrol/contract';
import type { Clock } from '@redcontrol/system';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { createLastAnswers } from './last-answers.ts';
import { waitBeforeMs } from './wait-before.ts';

/** A server that does not answer this long is out of reach, whatever its connection says. */
const beatEveryMs = 3_000;
const beatTimeoutMs = 4_000;

export interface FollowedServer {
  readonly link: ServerLink;
  setNames(names: string[]): void;
  /** Throws the daemon's error; while the server is out of reach, the last answer, marked as old, or why it is. */
  call<M extends MethodName>(method: M, params: Params<M>, signal?: AbortSignal): Promise<{ result: Result<M>; at: number; old: boolean }>;
  /** The living connection, for what needs progress. */
  client(): DaemonClient | undefined;
  /** Tries at once instead of after the wait. */
  retry(): void;
  close(): Promise<void>;
}

export interface FollowOptions {
  id: string;
  address: ServerAddress;
  names: string[];
  connect: (address: ServerAddress, signal: AbortSignal) => Promise<DaemonClient>;
  clock: Clock;
  onState: (link: ServerLink) => void;
  onEvent: (event: RedControlEvent) => void;
  onLog: (log: NotificationBody<'log'>) => void;
}

/** Keeps one connection to a server's daemon alive until it is closed. */
export function followServer(options: FollowOptions): FollowedServer {
  const { id, address, clock } = options;
  const stopping = new AbortController();
  const answers = createLastAnswers();
  let client: DaemonClient | undefined;
  let wake = () => {};
  let lastEvent: number | undefined;
  let link: ServerLink = { id, ...address, names: options.names, state: 'connecting', since: clock.now(), error: null, daemonVersion: null, person: null, role: null };

  const change = (next: Partial<ServerLink>) => {
    const since = next.state && next.state !== link.state ? clock.now() : link.since;
    const before = JSON.stringify(link);
    link = { ...link, ...next, since };
    if (JSON.stringify(link) !== before) options.onState(link);
  };

  const stay = async (connected: DaemonClient) => {
    client = connected;
    const { hello } = connected;
    connected.on('event', (event) => {
      lastEvent = event.seq;
      options.onEvent(event);
    });
    connected.on('log', options.onLog);
    const { last } = await connected.call('events.follow', lastEvent === undefined ? {} : { after: lastEvent });
    lastEvent ??= last;
    change({ state: 'reachable', error: null, daemonVersion: hello.daemonVersion, person: hello.name, role: hello.role });
    const beating = beat(connected, { signal: stopping.signal, onAnswer: (state) => answers.keep('server.state', {}, state, clock.now()) });
    const reason = await Promise.race([connected.closed, beating]);
    throw reason ?? new RedControlError('DAEMON_UNREACHABLE', `Expected ${address.host} to stay connected, the connection ended`);
  };

  const follow = async () => {
    for (let attempt = 1; !stopping.signal.aborted; attempt += 1) {
      try {
        const connected = await options.connect(address, stopping.signal);
        attempt = 1;
        await stay(connected);
      } catch (thrown) {
        if (stopping.signal.aborted) break;
        const error = asRedControlError(thrown);
        change({ state: stateOf(error), error: { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) } });
      } finally {
        const gone = client;
        client = undefined;
        await gone?.close().catch(() => {});
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitBeforeMs(attempt, Math.random()));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const following = follow();

  return {
    get link() {
      return link;
    },
    setNames: (names) => change({ names }),
    async call(method, params, signal) {
      const connected = client;
      if (connected && link.state === 'reachable') {
        try {
          const result = await connected.call(method, params, signal ? { signal } : {});
          answers.keep(method, params, result, clock.now());
          return { result, at: clock.now(), old: false };
        } catch (error) {
          if (!(error instanceof RedControlError) || error.code !== 'DAEMON_UNREACHABLE') throw error;
        }
      }
      const known = answers.find(method, params);
      if (known) return { result: known.result as never, at: known.at, old: true };
      throw unreachable(link);
    },
    client: () => (link.state === 'reachable' ? client : undefined),
    retry: () => wake(),
    async close() {
      stopping.abort();
      wake();
      await client?.close().catch(() => {});
      await following;
    },
  };
}

/** Asks for the server's state again and again; ends with the reason when an answer stays out. */
async function beat(client: DaemonClient, { signal, onAnswer }: { signal: AbortSignal; onAnswer: (state: Result<'server.state'>) => void }): Promise<RedControlError | undefined> {
  while (!signal.aborted) {
    const stop = new AbortController();
    const late = new RedControlError('DAEMON_UNREACHABLE', `Expected an answer within ${beatTimeoutMs / 1000} s, got none`, { hint: 'See the server and the network between.' });
    const { promise: overdue, resolve } = Promise.withResolvers<RedControlError>();
    const timer = setTimeout(resolve, beatTimeoutMs, late);
    try {
      // An answer to a cancelled call is waited for, too: over a network that swallows everything that is too long.
      const answer = await Promise.race([client.call('server.state', {}, { signal: stop.signal }), overdue]);
      if (answer instanceof RedControlError) return answer;
      onAnswer(answer);
    } catch (thrown) {
      const error = asRedControlError(thrown);
      if (error.code === 'DAEMON_UNREACHABLE') return error;
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
    await new Promise((resolve) => setTimeout(resolve, beatEveryMs).unref());
  }
  return undefined;
}

function stateOf(error: RedControlError): ServerLink['state'] {
  if (error.code === 'SSH_HOST_KEY' || error.code === 'SSH_DENIED' || error.code === 'FORBIDDEN' || error.code === 'CONTRACT_MISMATCH') return 'refused';
  if (/not installed/.test(error.message)) return 'not-installed';
  return 'unreachable';
}

function unreachable(link: ServerLink): RedControlError {
  if (link.error) return new RedControlError(link.error.code, link.error.message, link.error.hint ? { hint: link.error.hint } : {});
  return new RedControlError('DAEMON_UNREACHABLE', `Expected a connection to ${link.host}, it is still being made`);
}
