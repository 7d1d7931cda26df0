import { RedControlError } from '@redcontrol/contract';
import { serverUser } from '@redcontrol/client/server-access';

export interface ServerAddress { user: string; host: string; port: number }

/** `host`, `user@host`, `user@host:port`, `user@[::1]:port`. Throws USAGE. */
export function parseAddress(text: string): ServerAddress {
  const found = /^(?:([A-Za-z0-9_][A-Za-z0-9_.-]*)@)?(?:\[([0-9A-Fa-f:.%]+)\]|([A-Za-z0-9_][A-Za-z0-9_.-]*))(?::(\d{1,5}))?$/.exec(text);
  const host = found?.[2] ?? found?.[3];
  const port = Number(found?.[4] ?? 22);
  if (!host || port < 1 || port > 65_535) {
    throw new RedControlError('USAGE', `Expected USER@SERVER, got ${JSON.stringify(text.slice(0, 200))}`, { hint: 'For example: redwatch connect redcontrol@server.example.com, with another port :2222 after it.' });
  }
  return { user: found?.[1] ?? serverUser, host, port };
}
