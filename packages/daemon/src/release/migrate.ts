import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import type { UnitRelease } from './release-units.ts';
import { runOnce, type OtherPlace } from './run-once.ts';

/** Runs the migration in a one-off container of the new image. Throws MIGRATION_FAILED; its output goes to `output`. */
export async function migrate(
  daemon: DaemonContext,
  release: UnitRelease,
  snapshot: ReleaseSnapshot,
  options: { output: (chunk: Buffer) => void | Promise<void>; signal: AbortSignal; place?: OtherPlace },
): Promise<void> {
  if (snapshot.migrate === undefined) return;
  const { output, signal, place } = options;
  const exitCode = await runOnce(daemon, release, snapshot, { name: 'migration', command: snapshot.migrate, variables: snapshot.migrateVariables, output, signal, place });
  if (exitCode === 0) return;
  throw new RedControlError('MIGRATION_FAILED', `Expected the migration (${snapshot.migrate}) to end with exit code 0, got ${exitCode}`, { hint: `The version that was live still serves${place ? ', and its data were not touched: this was a rehearsal on a copy' : ''}. Its output is above.` });
}
