import { realpath } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RedControlError } from '@redcontrol/contract';
import type { Git } from '../git/git.ts';
import { plainLine } from '../git/plain-line.ts';
import type { Remote } from '../git/remote-url.ts';

/**
 * Addresses inside the repository (submodules, LFS) come from whoever can push. They are followed over https, http and
 * ssh to other hosts, but not to the server itself or its cloud's metadata service, unless the repository is there too;
 * to local folders only from a repository that is in a local folder, and never into RedControl's own data.
 * Throws FORBIDDEN.
 */
export async function requireFollowable(git: Git, link: { parent: Remote; child: Remote; what: string }): Promise<void> {
  const { parent, child, what } = link;
  const refuse = (reason: string) =>
    new RedControlError('FORBIDDEN', `Expected an address of a ${what} that may be followed, got ${plainLine(child.url)}: ${reason}`, {
      hint: `Change the address in the repository to an https or ssh address of another host.`,
    });
  if (child.transport === 'file') {
    if (parent.transport !== 'file') throw refuse('only a repository in a local folder may lead to a local folder');
    if (await isInside(dirname(git.configFile), child.url) || await isInside(git.keyDirectory, child.url)) throw refuse('it leads into RedControl\'s own data');
    return;
  }
  if (child.host === undefined || child.host === '') throw refuse('it has no host');
  if (child.host !== parent.host && isOwnHost(child.host)) throw refuse('it leads to the server itself');
}

const ownAddresses = new BlockList();
ownAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
ownAddresses.addSubnet('0.0.0.0', 8, 'ipv4');
ownAddresses.addSubnet('169.254.0.0', 16, 'ipv4');
ownAddresses.addAddress('::1', 'ipv6');
ownAddresses.addAddress('::', 'ipv6');
ownAddresses.addSubnet('fe80::', 10, 'ipv6');
ownAddresses.addSubnet('fd00:ec2::', 32, 'ipv6');

/** Whether a host is, by its name or address, this server or its link. Names are not looked up. */
export function isOwnHost(host: string): boolean {
  const plain = normalHost(host);
  if (plain === undefined) return true;
  const family = isIP(plain);
  if (family === 0) return plain === 'localhost' || plain.endsWith('.localhost') || plain === 'metadata.google.internal';
  return ownAddresses.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}

/** As a resolver reads it: 2130706433, 0x7f.1 and 127.1 are all 127.0.0.1. */
function normalHost(host: string): string | undefined {
  const bare = host.replace(/\.$/, '');
  try {
    return new URL(`http://${isIP(bare) === 6 ? `[${bare}]` : bare}`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return undefined;
  }
}

async function isInside(folder: string, fileUrl: string): Promise<boolean> {
  try {
    const path = await realpath(fileURLToPath(fileUrl));
    const top = dirname(await realpath(folder));
    return path === top || path.startsWith(top + sep);
  } catch (error) {
    // A folder that is not there is git's to report.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
