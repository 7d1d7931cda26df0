import { RedControlError } from '@redcontrol/contract';

/**
 * Address of a submodule. One that begins with `./` or `../` is meant relative to the repository's own
 * (https://git-scm.com/docs/gitmodules). Throws FORBIDDEN on one that leads above the host.
 */
export function resolveSubmoduleUrl(parentUrl: string, address: string): string {
  if (!/^\.\.?(\/|$)/.test(address)) return address;
  const [, start = '', path = ''] = /^([a-z+]+:\/\/[^/]*\/?|[^/:]+@(?:\[[^\]]*\]|[^:/]*):)([^]*)$/.exec(parentUrl) ?? [];
  const parts = path.replace(/\/+$/, '').split('/').filter((part) => part !== '');
  for (const part of address.split('/')) {
    if (part === '..') {
      if (parts.length === 0) throw new RedControlError('FORBIDDEN', `Expected a submodule's address on its repository's host, got ${JSON.stringify(address.slice(0, 200))}`);
      parts.pop();
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  // `user@host:/absolute` and `user@host:relative` differ on the host.
  return `${start}${path.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}
