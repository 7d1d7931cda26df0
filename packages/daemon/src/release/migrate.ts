import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { acrossRestarts, followContainerLogs, removeContainer, startContainer, waitContainer, type ContainerSpec } from '../engine/index.ts';
import { engineOf } from '../environment/index.ts';
import { appContainerSpec } from './app-containers.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import { processLabel, type UnitRelease } from './release-units.ts';

const migrationMemoryBytes = 1024 ** 3;

/** Another place than the environment: its network with the database, and volumes. */
export interface MigrationPlace {
  network: string;
  mounts: NonNullable<ContainerSpec['mounts']>;
}

/** Runs the migration in a one-off container of the new image. Throws MIGRATION_FAILED; its output goes to `output`. */
export async function migrate(
  daemon: DaemonContext,
  release: UnitRelease,
  snapshot: ReleaseSnapshot,
  options: { output: (chunk: Buffer) => void | Promise<void>; signal: AbortSignal; place?: MigrationPlace },
): Promise<void> {
  if (snapshot.migrate === undefined) return;
  const engine = engineOf(daemon, release);
  const { place } = options;
  const spec = { ...appContainerSpec(daemon, release, snapshot), ...place };
  const name = `${spec.network}--r${release.number}-${processLabel(release, 'migration')}`;
  await removeContainer(engine, name);
  const { id } = await startContainer(engine, {
    ...spec,
    name,
    // As in the tests: the first command that fails ends it.
    command: ['sh', '-e', '-c', snapshot.migrate],
    variables: { ...spec.variables, ...snapshot.migrateVariables },
    labels: { role: place ? 'scratch' : 'migration', project: release.project, environment: release.environment, release: release.id, name: 'migration' },
    memoryBytes: migrationMemoryBytes,
    restart: 'no',
  });
  try {
    const followed = followContainerLogs(engine, id, { lines: 'all', onOutput: options.output, signal: options.signal });
    const exitCode = await waitContainer(engine, id, options.signal);
    await followed;
    if (exitCode !== 0) {
      throw new RedControlError('MIGRATION_FAILED', `Expected the migration (${snapshot.migrate}) to end with exit code 0, got ${exitCode}`, { hint: `The version that was live still serves${place ? ', and its data were not touched: this was a rehearsal on a copy' : ''}. Its output is above.` });
    }
  } finally {
    await acrossRestarts(engine, () => removeContainer(engine, id));
  }
}
