import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import * as dbusNative from '@homebridge/dbus-native';
import { killTree, spawnProcess } from '@redcontrol/system';

const program = '/usr/bin/dbus-daemon';

/** Reason to leave a test out; false where a session bus can be started. */
export const noSessionBus: string | false = existsSync(program) ? false : 'dbus-daemon is not installed (Debian: apt install dbus)';

export interface ShownNotification { id: number; replaces: number; title: string; body: string; actions: string[]; urgency: number }

export interface TestDesktop {
  address: string;
  shown: ShownNotification[];
  /** Resolves when a notification fits, also one that came before. */
  seen(fits: (one: ShownNotification) => boolean): Promise<ShownNotification>;
  /** As a person who clicks. */
  invoke(id: number, action: string): void;
  stop(): Promise<void>;
}

interface Native {
  requestName(name: string, flags: number, done: (error: unknown) => void): void;
  exportInterface(implementation: object, path: string, description: object): void;
  sendSignal(path: string, face: string, name: string, signature: string, body: unknown[]): void;
  connection: { end(): void; on(name: string, listener: () => void): void };
}
const { createClient } = dbusNative as unknown as { createClient(options: object): Native };

const face = 'org.freedesktop.Notifications';
const path = '/org/freedesktop/Notifications';

/** A real session bus of its own. */
export async function startBus(): Promise<{ address: string; stop(): Promise<void> }> {
  const child = spawnProcess(program, ['--session', '--nofork', '--print-address=1'], { stderr: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('close', () => reject(new Error('dbus-daemon has ended')));
  });
  return {
    address,
    async stop() {
      killTree(child, 'SIGTERM');
      await ended;
    },
  };
}

/** A bus with a notification service on it that does what the specification asks, and remembers. */
export async function startDesktop(): Promise<TestDesktop> {
  const bus = await startBus();
  const shown: ShownNotification[] = [];
  const waiting = new Set<() => void>();
  let lastId = 0;
  const client = createClient({ stream: connect(/path=([^,]+)/.exec(bus.address)?.[1] ?? '') });
  client.connection.on('error', () => {});
  client.exportInterface({
    GetCapabilities: () => ['body', 'actions', 'body-markup'],
    GetServerInformation: () => ['test', 'test', '1', '1.2'],
    Notify(_app: string, replaces: number, _icon: string, title: string, body: string, actions: string[], hints: [string, [unknown, [unknown]]][]) {
      const id = replaces || (lastId += 1);
      const urgency = Number(hints.find(([name]) => name === 'urgency')?.[1][1][0] ?? -1);
      shown.push({ id, replaces, title, body, actions, urgency });
      for (const look of waiting) look();
      return id;
    },
  }, path, { name: face, methods: { GetCapabilities: ['', 'as'], GetServerInformation: ['', 'ssss'], Notify: ['susssasa{sv}i', 'u'] }, signals: {} });
  await new Promise<void>((resolve, reject) => client.requestName(face, 0, (error) => (error ? reject(new Error(`No name: ${JSON.stringify(error)}`)) : resolve())));
  return {
    address: bus.address,
    shown,
    seen: (fits) => new Promise((resolve) => {
      const look = () => {
        const found = shown.find(fits);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    }),
    invoke: (id, action) => client.sendSignal(path, face, 'ActionInvoked', 'us', [id, action]),
    async stop() {
      client.connection.end();
      await bus.stop();
    },
  };
}
