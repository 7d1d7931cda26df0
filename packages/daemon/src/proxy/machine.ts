import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readIfExists } from '@redcontrol/system';

/** Whether the kernel has IPv6: listening on it fails where it is switched off. */
export async function hasIpv6(): Promise<boolean> {
  return Boolean((await readIfExists('/proc/net/if_inet6'))?.trim());
}

/**
 * The distribution's user for HAProxy's worker. Left out where there is none, where we are not root ourselves, and where
 * that user could not pass through to the daemon's sockets.
 */
export async function findProxyUser(runDirectory: string): Promise<{ user?: string }> {
  if (process.getuid?.() !== 0) return {};
  const users = await readFile('/etc/passwd', 'utf8');
  if (!users.split('\n').some((line) => line.startsWith('haproxy:'))) return {};
  for (let folder = runDirectory; ; folder = dirname(folder)) {
    const mode = (await stat(folder).catch(() => undefined))?.mode ?? 0o001;
    if ((mode & 0o001) === 0) return {};
    if (folder === dirname(folder)) return { user: 'haproxy' };
  }
}
