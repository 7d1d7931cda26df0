import type { ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { engineOf, environmentNetwork, imagesFor } from '../environment/index.ts';
import { idleCommand, removeContainer, startContainer, type Engine, type Mount } from '../engine/index.ts';

const helperMemoryBytes = 512 * 1024 ** 2;

export interface Helper {
  engine: Engine;
  id: string;
}

/** Runs `work` with a container that has these mounts, a shell and tar, and no network; it is gone afterwards. */
export async function withHelper<T>(
  daemon: DaemonContext,
  options: { config: ProjectConfig; environment: string; name: string; mounts: Mount[]; signal?: AbortSignal | undefined },
  work: (helper: Helper) => Promise<T>,
): Promise<T> {
  const owner = { project: options.config.project, environment: options.environment };
  const engine = engineOf(daemon, owner);
  const image = await imagesFor(daemon, engine, options.config).ensure({ kind: 'base', slim: true }, options.signal ? { signal: options.signal } : {});
  const { id } = await startContainer(engine, {
    name: `${environmentNetwork(daemon, owner.project, owner.environment)}--${options.name}`, image, entrypoint: [], command: [...idleCommand], user: '0:0',
    labels: { role: 'scratch', ...owner }, network: 'none', mounts: options.mounts, memoryBytes: helperMemoryBytes, pidsLimit: 100,
    capabilities: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
  });
  try {
    return await work({ engine, id });
  } finally {
    await removeContainer(engine, id);
  }
}
