import type { StoredBackup } from '../store/index.ts';
import type { BackupPlan } from './backup-settings.ts';

const failedKeptMs = 7 * 86_400_000;
/** After a failure the next try comes sooner than the next turn, but not at once. */
const retryMs = 15 * 60_000;

/** What is to be done with an environment's backups now. */
export interface BackupWork {
  create: boolean;
  /** Backup to restore into a scratch database as its proof. */
  prove: StoredBackup | undefined;
  remove: StoredBackup[];
}

/**
 * Pure. `backups` are those of one environment, newest first. Of each reason `keep` are kept, and beyond that the newest that was proven:
 * a row of backups that cannot be restored never pushes out the last that could be.
 */
export function planBackups({ plan, backups, now }: { plan: BackupPlan; backups: readonly StoredBackup[]; now: number }): BackupWork {
  const ready = backups.filter((backup) => backup.state === 'ready');
  const lastProven = ready.find((backup) => backup.proof === 'proven');
  const remove = backups.filter((backup) => {
    if (backup.state === 'making' || backup === lastProven) return false;
    if (backup.state === 'failed') return now - backup.createdAt > failedKeptMs;
    return ready.filter((other) => other.reason === backup.reason).indexOf(backup) >= plan.keep;
  });
  return { create: isDue(plan, backups, now), prove: proofDue(plan, ready, now), remove };
}

function isDue({ everyMs }: BackupPlan, backups: readonly StoredBackup[], now: number): boolean {
  if (everyMs === undefined || backups.some((backup) => backup.state === 'making')) return false;
  const byClock = backups.filter((backup) => backup.reason === 'schedule');
  const lastReady = byClock.find((backup) => backup.state === 'ready');
  if (lastReady && now - lastReady.createdAt < everyMs) return false;
  const lastTry = byClock[0];
  return !lastTry || lastTry.state === 'ready' || now - lastTry.createdAt >= Math.min(retryMs, everyMs);
}

function proofDue({ verifyMs }: BackupPlan, ready: readonly StoredBackup[], now: number): StoredBackup | undefined {
  const [newest] = ready;
  if (verifyMs === undefined || newest?.proof !== 'unproven') return undefined;
  const lastProof = Math.max(0, ...ready.map((backup) => backup.proofAt ?? 0));
  return now - lastProof >= verifyMs ? newest : undefined;
}
