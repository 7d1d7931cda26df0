import { createHash, randomBytes } from 'node:crypto';

/** `sha256$<salt>$<hash>`: nothing in it is special to HAProxy, whatever the user's name and password are. */
export const hashPattern = /^sha256\$([0-9a-f]{16,64})\$([0-9a-f]{64})$/;

/**
 * Hash of the Authorization header that a browser sends for this user, with a salt. HAProxy compares it in microseconds;
 * crypt(3) hashes would hold up its event loop at each request. Kept in a file that only root reads.
 */
export function hashBasicAuth(user: string, password: string, salt: string = randomBytes(16).toString('hex')): string {
  const header = `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  return `sha256$${salt}$${createHash('sha256').update(salt + header).digest('hex')}`;
}

export function splitHash(hash: string): { salt: string; digest: string } | undefined {
  const match = hashPattern.exec(hash);
  return match?.[1] && match[2] ? { salt: match[1], digest: match[2] } : undefined;
}
