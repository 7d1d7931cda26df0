import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Longest body of a login; the token is far shorter. */
export const maxTokenCharacters = 200;

/** Who may speak to control: whoever brought the one-time token, from this page, at this address. */
export interface SessionGate {
  /** A token for one login; a new one each time, e.g. for a second window. */
  issueToken(): string;
  /** The value for `Set-Cookie`, or undefined when the token was used, or never given out. */
  exchange(token: string): string | undefined;
  isHostOurs(request: IncomingMessage): boolean;
  /** A browser always sends Origin with a WebSocket or a POST; what has none is no page of ours. */
  isOriginOurs(request: IncomingMessage): boolean;
  hasSession(request: IncomingMessage): boolean;
}

export function createSessionGate(port: number): SessionGate {
  const tokens = new Set<string>();
  const session = randomBytes(32).toString('base64url');
  // Cookies know no ports, so that two running programs must not overwrite each other's.
  const cookieName = `redcontrol-${port}`;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  return {
    issueToken() {
      const token = randomBytes(32).toString('base64url');
      tokens.add(token);
      return token;
    },
    exchange(token) {
      if (!tokens.delete(token)) return undefined;
      return `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`;
    },
    isHostOurs: (request) => hosts.includes(request.headers.host ?? ''),
    isOriginOurs: (request) => hosts.some((host) => request.headers.origin === `http://${host}` && request.headers.host === host),
    hasSession(request) {
      const given = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('=')).find(([name]) => name === cookieName)?.[1] ?? '';
      return given.length === session.length && timingSafeEqual(Buffer.from(given), Buffer.from(session));
    },
  };
}
