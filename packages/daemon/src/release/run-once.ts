import type { DaemonContext } from '../context.ts';
import { acrossRestarts, followContainerLogs, removeContainer, startContainer, waitContainer, type ContainerSpec } from '../engine/index.ts';
import { engineOf } from '../environment/index.ts';
import { appContainerSpec } from './app-containers.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import { processLabel, type UnitRelease } from './release-units.ts';

const memoryBytes = 1024 ** 3;

/** Another place than the environment: its network with the database, and volumes. */
export interface OtherPlace {
  network: string;
  mounts: NonNullable<ContainerSpec['mounts']>;
}

export interface OnceOptions {
  /** Part of the container's name. */
  name: string;
  /** Shell text; as in the tests the first command that fails ends it. */
  command: string;
  variables?: Record<string, string> | undefined;
  output: (chunk: Buffer) => void | Promise<void>;
  signal: AbortSignal;
  place?: OtherPlace | undefined;
}

/** Runs a command in a container of the release's image, which is gone afterwards. Answers its exit code. */
export async function runOnce(daemon: DaemonContext, release: UnitRelease, snapshot: ReleaseSnapshot, once: OnceOptions): Promise<number> {
  const engine = engineOf(daemon, release);
  const spec = { ...appContainerSpec(daemon, release, snapshot), ...once.place };
  const name = `${spec.network}--r${release.number}-${processLabel(release, once.name)}`;
  await removeContainer(engine, name);
  const { id } = await startContainer(engine, {
    ...spec,
    name,
    command: ['sh', '-e', '-c', once.command],
    variables: { ...spec.variables, ...once.variables },
    labels: { role: once.place ? 'scratch' : 'migration', project: release.project, environment: release.environment, release: release.id, name: once.name },
    memoryBytes,
    restart: 'no',
  });
  try {
    const followed = followContainerLogs(engine, id, { lines: 'all', onOutput: once.output, signal: once.signal });
    const exitCode = await waitContainer(engine, id, once.signal);
    await followed;
    return exitCode;
  } finally {
    await acrossRestarts(engine, () => removeContainer(engine, id));
  }
}
