import { parseDurationMs, type BackupSettings, type EnvironmentConfig } from '@redcontrol/contract';

const everyMs = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000 } as const;

/** How an environment's data are backed up, with every default filled in. */
export interface BackupPlan {
  /** Between two backups by the clock; undefined: only before migrations and when asked for. */
  everyMs: number | undefined;
  keep: number;
  to: BackupSettings['to'];
  /** Between two proofs; undefined: never. */
  verifyMs: number | undefined;
}

/** The plan of an environment; undefined where it has no database or says `backup: false`. Pure. */
export function backupPlan({ database, redis }: Pick<EnvironmentConfig, 'database' | 'redis'>): BackupPlan | undefined {
  if (!database && !redis) return undefined;
  const backup = database?.backup;
  if (backup === false) return undefined;
  if (!backup) return { everyMs: undefined, keep: 7, to: 'local', verifyMs: undefined };
  return {
    everyMs: backup.every in everyMs ? everyMs[backup.every as keyof typeof everyMs] : parseDurationMs(backup.every),
    keep: backup.keep, to: backup.to,
    verifyMs: backup.verify === false ? undefined : parseDurationMs(backup.verify),
  };
}
