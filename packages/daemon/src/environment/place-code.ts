import { workUser, type WorkContext } from '../context.ts';
import { checkout, recheckout } from '../source/index.ts';
import type { RunEnvironment } from './run-environment.ts';

/**
 * Brings a commit's files into the environment. Where the dependencies installed there are those wanted, only what
 * changed is checked out; otherwise the tree is emptied first and the dependencies have to be installed again.
 */
export async function placeCode(
  daemon: WorkContext,
  environment: RunEnvironment,
  code: { project: string; commit: string; dependencies: string | undefined; signal?: AbortSignal },
): Promise<{ dependenciesReady: boolean }> {
  const target = { project: code.project, commit: code.commit, directory: environment.treeDirectory, uid: workUser.uid, gid: workUser.gid, ...(code.signal ? { signal: code.signal } : {}) };
  if (environment.dependencies !== undefined && environment.dependencies === code.dependencies) {
    const { anew } = await recheckout(daemon.git, target);
    if (!anew) {
      await environment.sendTree(code.signal);
      return { dependenciesReady: true };
    }
  } else await checkout(daemon.git, target);
  environment.dependencies = undefined;
  await environment.sendTree(code.signal);
  return { dependenciesReady: false };
}
