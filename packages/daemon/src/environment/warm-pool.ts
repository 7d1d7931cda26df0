import { freemem, totalmem } from 'node:os';
import { asRedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { repositoryAt } from '../source/index.ts';
import { dependenciesKey, environmentKey, type EnvironmentNeeds } from './environment-needs.ts';
import { placeCode } from './place-code.ts';
import { createRunEnvironment, type RunEnvironment } from './run-environment.ts';
import { runShell } from './run-shell.ts';

/**
 * Environments made ready ahead of the next push: containers and databases up, the last commit checked out and its
 * dependencies installed, and nothing left of any run. A push then costs a fetch, a checkout and an exec.
 */
export interface WarmPool {
  /** Takes the environment that fits exactly out of the pool; one that has stopped meanwhile is removed. */
  take(needs: EnvironmentNeeds): Promise<RunEnvironment | undefined>;
  /** Makes one ready in the background; the oldest goes when there are too many. `variables`: for the installation of dependencies alone. */
  refill(needs: EnvironmentNeeds, commit: string, variables?: Record<string, string>): void;
  /** Resolves when nothing is being made. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** No environment is kept ready while less than this share of the memory is free. */
const leastFreeMemoryShare = 0.15;
const installTimeoutMs = 15 * 60_000;

export function createWarmPool(daemon: DaemonContext): WarmPool {
  const ready: RunEnvironment[] = [];
  const closing = new AbortController();
  /** Keys waiting or being made; one at a time is made, so that warming never competes with a run for long. */
  const making = new Set<string>();
  let queue: Promise<void> = Promise.resolve();

  const make = async (needs: EnvironmentNeeds, commit: string, variables: Record<string, string>) => {
    if (closing.signal.aborted || freemem() / totalmem() < leastFreeMemoryShare) return;
    const environment = await createRunEnvironment(daemon, needs, { onOutput: () => {}, signal: closing.signal });
    try {
      await placeCode(daemon, environment, { project: needs.project, commit, dependencies: undefined, signal: closing.signal });
      if (needs.recipe.dependencies) {
        const key = await dependenciesKey(needs.recipe, repositoryAt(daemon.git, needs.project, commit, needs.root));
        const { exitCode } = await runShell(environment, needs.recipe.dependencies.run, { variables, onOutput: () => {}, timeoutMs: installTimeoutMs, signal: closing.signal });
        if (exitCode !== 0) throw new Error(`dependencies ended with exit code ${exitCode}`);
        environment.dependencies = key;
      }
      closing.signal.throwIfAborted();
      ready.push(environment);
    } catch (error) {
      await environment.dispose();
      throw error;
    }
    while (ready.length > daemon.options.warmCount) await ready.shift()?.dispose();
  };

  return {
    async take(needs) {
      for (;;) {
        const index = ready.findLastIndex((environment) => environment.key === environmentKey(needs));
        if (index < 0) return undefined;
        const [environment] = ready.splice(index, 1);
        if (await environment!.stands().catch(() => false)) return environment;
        await environment!.dispose();
      }
    },
    refill(needs, commit, variables = {}) {
      const key = environmentKey(needs);
      if (daemon.options.warmCount === 0 || making.has(key) || ready.some((environment) => environment.key === key)) return;
      making.add(key);
      queue = queue
        .then(() => make(needs, commit, variables))
        .catch((error: unknown) => {
          if (!closing.signal.aborted) daemon.log.info(`no environment kept ready for ${needs.project}: ${asRedControlError(error).message}`);
        })
        .finally(() => making.delete(key));
    },
    settled: () => queue,
    async close() {
      closing.abort();
      await queue;
      await Promise.all(ready.splice(0).map((environment) => environment.dispose()));
    },
  };
}
