import { connect } from 'node:net';
import * as dbusNative from '@homebridge/dbus-native';

interface Call { destination: string; path: string; interface: string; member: string; signature?: string; body?: unknown[] }
interface Native {
  invoke(call: Call, done: (error: unknown, ...answer: unknown[]) => void): void;
  requestName(name: string, flags: number, done: (error: unknown) => void): void;
  exportInterface(implementation: object, path: string, description: object): void;
  connection: { end(): void; on(name: string, listener: () => void): void };
}
const { createClient } = dbusNative as unknown as { createClient(options: object): Native };

const itemFace = 'org.kde.StatusNotifierItem';
const menuFace = 'com.canonical.dbusmenu';
const watcher = { name: 'org.kde.StatusNotifierWatcher', path: '/StatusNotifierWatcher' };
const waitMs = 15_000;

export interface MenuEntry { id: number; label: string }

export interface TrayHost {
  /** Waits until an icon's menu and picture fit. Throws after 15 seconds with what they are. */
  until(fits: (tray: TrayState) => boolean): Promise<TrayState>;
  /** As a person who chooses an entry of the menu. */
  choose(entry: MenuEntry): Promise<void>;
  close(): void;
}

export interface TrayState {
  status: string;
  /** File of the picture that is shown. */
  icon: string;
  entries: MenuEntry[];
}

/** A desktop's part that shows tray icons (StatusNotifierWatcher, as KDE has it), on a session bus. */
export async function startTrayHost(busAddress: string): Promise<TrayHost> {
  const client = createClient({ stream: connect(/path=([^,]+)/.exec(busAddress)?.[1] ?? '') });
  client.connection.on('error', () => {});
  let item: { destination: string; path: string } | undefined;
  client.exportInterface({
    RegisterStatusNotifierItem(service: string, message: { sender: string }) {
      item = service.startsWith('/') ? { destination: message.sender, path: service } : { destination: service, path: '/StatusNotifierItem' };
    },
    RegisterStatusNotifierHost() {},
    RegisteredStatusNotifierItems: [], IsStatusNotifierHostRegistered: true, ProtocolVersion: 0,
  }, watcher.path, {
    name: watcher.name, methods: { RegisterStatusNotifierItem: ['s', ''], RegisterStatusNotifierHost: ['s', ''] },
    properties: { RegisteredStatusNotifierItems: 'as', IsStatusNotifierHostRegistered: 'b', ProtocolVersion: 'i' }, signals: {},
  });
  await new Promise<void>((resolve, reject) => client.requestName(watcher.name, 0, (error) => (error ? reject(new Error(`No name: ${JSON.stringify(error)}`)) : resolve())));
  const call = (wanted: Call) => new Promise<unknown[]>((resolve, reject) => client.invoke(wanted, (error, ...answer) => (error ? reject(new Error(`${wanted.member}: ${JSON.stringify(error)}`)) : resolve(answer))));
  const property = async (name: string) => {
    const [variant] = await call({ ...item!, interface: 'org.freedesktop.DBus.Properties', member: 'Get', signature: 'ss', body: [itemFace, name] });
    return (variant as [unknown, [string]])[1][0];
  };
  const menuPath = () => property('Menu');
  const read = async (): Promise<TrayState> => {
    const [, layout] = await call({ destination: item!.destination, path: await menuPath(), interface: menuFace, member: 'GetLayout', signature: 'iias', body: [0, -1, []] });
    return { status: await property('Status'), icon: await property('IconName'), entries: entriesOf(layout as Layout) };
  };
  return {
    async until(fits) {
      const endMs = performance.now() + waitMs;
      for (;;) {
        const tray = item && (await read().catch((error: unknown) => String(error)));
        if (typeof tray === 'object' && fits(tray)) return tray;
        if (performance.now() > endMs) throw new Error(`Expected another tray icon, got ${JSON.stringify(tray)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async choose({ id }) {
      await call({ destination: item!.destination, path: await menuPath(), interface: menuFace, member: 'Event', signature: 'isvu', body: [id, 'clicked', ['i', 0], 0] });
    },
    close: () => client.connection.end(),
  };
}

/** What GetLayout answers: an entry's number, its properties, and the entries below it. */
type Layout = [id: number, properties: [name: string, value: [unknown, [unknown]]][], children: [unknown, [Layout]][]];

function entriesOf([id, properties, children]: Layout): MenuEntry[] {
  const label = properties.find(([name]) => name === 'label')?.[1][1][0];
  const own = typeof label === 'string' && label !== '' ? [{ id, label }] : [];
  return [...own, ...children.flatMap(([, [child]]) => entriesOf(child))];
}
