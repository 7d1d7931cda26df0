import type { ActionName, Message } from '../notices/message.ts';

/** Where messages are shown. */
export interface Notifier {
  show(message: Message): Promise<void>;
  close(): Promise<void>;
}

export type ActionListener = (action: ActionName, message: Message) => void;
