import { createHash } from 'node:crypto';

/** `sha256$<salt>$<hash>`: nothing in it is special to HAProxy, whatever the user's name and password are. */
export const hashPattern = /^sha256\$([0-9a-f]{16,64})\$([0-9a-f]{64})$/;

/**
 * Hash of the Authorization header that a browser sends for this user, with a salt. HAProxy compares it in microseconds;
 * crypt(3) hashes would hold up its event loop at each request. Kept in a file that only root reads. The salt is the same
 * for a user each time, so that the same password makes the same configuration and no reload.
 */
export function hashBasicAuth(user: string, password: string): string {
  const salt = createHash('sha256').update(`redcontrol ${user}`).digest('hex').slice(0, 32);
  const header = `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  return `sha256$${salt}$${createHash('sha256').update(salt + header).digest('hex')}`;
}

export function splitHash(hash: string): { salt: string; digest: string } | undefined {
  const match = hashPattern.exec(hash);
  return match?.[1] && match[2] ? { salt: match[1], digest: match[2] } : undefined;
}
