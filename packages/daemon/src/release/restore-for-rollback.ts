import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { dataLock, restoreNow } from '../backup/index.ts';
import type { RunContext } from '../pipeline/run-context.ts';
import { getBackup } from '../store/index.ts';
import type { DeployOptions } from './deploy.ts';
import { withLock } from './environment-lock.ts';

export interface RestoredForRollback {
  backup: number;
  safetyBackup: number | null;
}

/** Brings the data of the backup that a rollback names back before its release starts; undefined where it names none. */
export async function restoreForRollback({ daemon, run, project: config }: RunContext, { environment, say, signal }: DeployOptions): Promise<RestoredForRollback | undefined> {
  if (run.rollbackBackup === null) return undefined;
  const backup = getBackup(daemon.store, run.rollbackBackup);
  if (backup?.state !== 'ready' || backup.project !== run.project) throw new RedControlError('NOT_FOUND', `Expected backup ${run.rollbackBackup} of ${run.project}, it is no longer kept`, { hint: 'Nothing was changed. Roll back the app alone, or take another backup: redcontrol backup list.' });
  const target = { project: run.project, environment };
  const { safetyBackup } = await withLock(dataLock(target), () => restoreNow(daemon, backup, { config, environment, startedBy: run.startedBy, say, signal }, target));
  say(`The data are those of backup ${backup.id} now${safetyBackup === null ? '' : `; what was there before is backup ${safetyBackup}`}.`);
  return { backup: backup.id, safetyBackup };
}

/** The version from before serves on when the rollback fails after that, but its data are others: that has to be said. */
export function withDataHint(thrown: unknown, restored: RestoredForRollback | undefined): unknown {
  if (!restored) return thrown;
  const error = asRedControlError(thrown);
  const back = restored.safetyBackup === null ? 'The volume of before is kept.' : `Back to the data of before: redcontrol restore ${restored.safetyBackup}.`;
  return new RedControlError(error.code, error.message, { cause: error, hint: `The data are those of backup ${restored.backup} already. ${back}` });
}
