import type { ActionName, Message } from '../notices/message.ts';
import type { Words } from '../words/words.ts';
import type { ActionListener, Notifier } from './notifier.ts';
import { openSessionBus, type SessionBus } from './session-bus.ts';

/** The interface of https://specifications.freedesktop.org/notification-spec/ */
const service = { destination: 'org.freedesktop.Notifications', path: '/org/freedesktop/Notifications', interface: 'org.freedesktop.Notifications' };
const urgencies = { low: 0, normal: 1, critical: 2 } as const;
/** How many of the notifications that were shown are known, for replacing them and for their actions. */
const maxShown = 200;

export interface DesktopNotifierOptions {
  variables: Record<string, string | undefined>;
  words: Words;
  onAction: ActionListener;
}

/** Shows messages by the desktop's notification service. Throws COMMAND_FAILED when there is no bus, or no service on it. */
export async function openDesktopNotifier(options: DesktopNotifierOptions): Promise<Notifier> {
  const shown = new Map<string, { id: number; message: Message }>();
  let desktop = await meetDesktop(options, shown);
  return {
    async show(message) {
      // The session may have been restarted since.
      if (!desktop.bus.isOpen) desktop = await meetDesktop(options, shown);
      const id = await notify(desktop, message, { replaces: shown.get(message.subject)?.id ?? 0, words: options.words });
      shown.delete(message.subject);
      shown.set(message.subject, { id, message });
      const [oldest] = shown.keys();
      if (shown.size > maxShown && oldest !== undefined) shown.delete(oldest);
    },
    async close() {
      desktop.bus.close();
    },
  };
}

interface Desktop { bus: SessionBus; capabilities: ReadonlySet<unknown> }

async function meetDesktop({ variables, onAction }: DesktopNotifierOptions, shown: Map<string, { id: number; message: Message }>): Promise<Desktop> {
  const bus = openSessionBus(variables);
  try {
    const [capabilities] = await bus.call({ ...service, member: 'GetCapabilities' });
    const of = (id: unknown) => [...shown].find(([, one]) => one.id === id);
    await bus.onSignal({ ...service, member: 'ActionInvoked' }, ([id, action]) => {
      const found = of(id);
      if (found && isAction(action)) onAction(action, found[1].message);
    });
    await bus.onSignal({ ...service, member: 'NotificationClosed' }, ([id]) => {
      const found = of(id);
      if (found) shown.delete(found[0]);
    });
    return { bus, capabilities: new Set(Array.isArray(capabilities) ? capabilities : []) };
  } catch (error) {
    bus.close();
    throw error;
  }
}

async function notify({ bus, capabilities }: Desktop, message: Message, { replaces, words }: { replaces: number; words: Words }): Promise<number> {
  const actions = capabilities.has('actions') ? message.actions.flatMap((action) => [action, words.actions[action]]) : [];
  const body = capabilities.has('body-markup') ? escapeMarkup(message.body) : message.body;
  const hints = [['urgency', ['y', urgencies[message.urgency]]], ['desktop-entry', ['s', 'redwatch']]];
  const [id] = await bus.call({
    ...service, member: 'Notify', signature: 'susssasa{sv}i',
    body: ['RedWatch', replaces, message.urgency === 'critical' ? 'dialog-error' : 'dialog-information', message.title, body, actions, hints, -1],
  });
  return Number(id);
}

function isAction(value: unknown): value is ActionName {
  return value === 'log' || value === 'open' || value === 'retry';
}

/** A commit message must not become markup. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
