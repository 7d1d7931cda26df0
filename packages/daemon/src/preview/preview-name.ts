import { createHash } from 'node:crypto';
import { previewPrefix } from '@redcontrol/contract';

const slugLength = 22;
const hashLength = 8;

/**
 * Name of a branch's environment, pure: what can be read of the branch, then a hash of all of it, because two branches can look the same. At most 39
 * characters of a–z, 0–9 and "-", so that it fits into names of containers and, without its prefix, is one label of a domain. `attempt` gives another
 * name where one is taken.
 */
export function previewName(place: { base: string; branch: string }, attempt = 0): string {
  const slug = place.branch.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '').slice(0, slugLength).replace(/-+$/, '');
  const hash = createHash('sha256').update(JSON.stringify([place.base, place.branch, attempt])).digest('hex').slice(0, hashLength);
  return `${previewPrefix}${slug === '' ? '' : `${slug}-`}${hash}`;
}
