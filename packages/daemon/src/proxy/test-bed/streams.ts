import { request, type IncomingMessage } from 'node:http';

/** A WebSocket and an event stream, both open and receiving. */
export interface Streams {
  /** Names of those that were ended from the other side. */
  cut(): string[];
  /** What each received last. */
  received(): Record<string, number>;
  /** Resolves when both were ended from the other side. */
  ended(): Promise<void>;
  close(): void;
}

export async function openStreams(port: number, host: string): Promise<Streams> {
  const cut: string[] = [];
  const received: Record<string, number> = { WebSocket: 0, 'event stream': 0 };
  let closing = false;
  const ended = (name: string) => {
    if (!closing && !cut.includes(name)) cut.push(name);
  };
  const count = (name: string) => {
    received[name] = (received[name] ?? 0) + 1;
  };
  const socket = await openUpgraded(port, host);
  socket.on('data', () => count('WebSocket'));
  // A cut shows as an error, too.
  socket.on('error', () => {});
  socket.once('close', () => ended('WebSocket'));
  const events = await openEvents(port, host);
  events.on('data', () => count('event stream'));
  events.on('error', () => {});
  events.once('close', () => ended('event stream'));
  return {
    cut: () => [...cut],
    received: () => ({ ...received }),
    async ended() {
      await Promise.all([socket, events].map((stream) => (stream.closed ? undefined : new Promise((resolve) => stream.once('close', resolve)))));
    },
    close() {
      closing = true;
      socket.destroy();
      events.destroy();
    },
  };
}

function openUpgraded(port: number, host: string): Promise<IncomingMessage['socket']> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/socket', headers: { host, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' } });
    sent.once('upgrade', (_response, socket) => resolve(socket as IncomingMessage['socket']));
    sent.once('response', (response) => reject(new Error(`Expected an upgrade, got ${response.statusCode}`)));
    sent.once('error', reject);
    sent.end();
  });
}

function openEvents(port: number, host: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/events', headers: { host, accept: 'text/event-stream' } }, resolve);
    sent.once('error', reject);
    sent.end();
  });
}
