import { repositoryUrl } from '@redcontrol/contract';
import type { GitFacts } from '../repository/read-git.ts';
import type { Choice } from './branch-choice.ts';

/** The repository's address from the working copy's remotes; undefined when it is not clear which. */
export function repositoryChoice({ remotes }: GitFacts): Choice<string> | undefined {
  const [only] = remotes;
  const origin = remotes.find(({ name }) => name === 'origin');
  const remote = origin ?? (remotes.length === 1 ? only : undefined);
  if (!remote) return undefined;
  const url = withoutPassword(remote.url);
  const value = url.startsWith('/') ? `file://${url}` : url;
  if (!repositoryUrl.safeParse(value).success) return undefined;
  return { value, why: `it is the remote ${remote.name}${value === remote.url ? '' : url === remote.url ? ', as an address' : ', without the password in it'}` };
}

/** The project's name from the repository's: `git@host:acme/My_Shop.git` → `my-shop`. */
export function projectName(url: string): string | undefined {
  const last = url.replace(/\/+$/, '').replace(/\.git$/, '').split(/[/:]/).at(-1) ?? '';
  const name = last.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 40);
  return name === '' ? undefined : name;
}

/** A password in an address would be written into a file that is committed. */
function withoutPassword(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, '$1');
}
