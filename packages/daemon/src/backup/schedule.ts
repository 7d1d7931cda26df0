import type { DaemonContext } from '../context.ts';
import { getDatabase, listBackups, listProjects, type StoredProject } from '../store/index.ts';
import { backupPlan } from './backup-settings.ts';
import { makeBackup } from './make-backup.ts';
import { planBackups } from './plan-backups.ts';
import { proveBackup } from './prove-backup.ts';
import { removeBackup } from './remove-backup.ts';

const lookEveryMs = 60_000;
const lookedAtBackups = 10_000;

/** Looks once a minute whether a backup, a proof or a removal is due. Ends with the signal; what is under way then is cancelled. */
export async function startBackupSchedule(daemon: DaemonContext, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await daemon.clock.sleep(lookEveryMs, signal).catch(() => {});
    for (const project of signal.aborted ? [] : listProjects(daemon.store)) {
      for (const environment of Object.keys(project.config.environments)) {
        await lookAfter(daemon, project, environment, signal).catch((error: unknown) => daemon.log.error(`backups of ${project.name}/${environment}`, error));
      }
    }
  }
}

async function lookAfter(daemon: DaemonContext, project: StoredProject, environment: string, signal: AbortSignal): Promise<void> {
  const { config } = project;
  const settings = config.environments[environment];
  const plan = settings && backupPlan(settings);
  const owner = { project: project.name, environment };
  // Before the first apply is through there is nothing to back up.
  if (!plan || !(['database', 'redis'] as const).some((role) => getDatabase(daemon.store, owner.project, environment, role))) return;
  const look = () => planBackups({ plan, backups: listBackups(daemon.store, { ...owner, limit: lookedAtBackups }), now: daemon.clock.now() });
  const work = { config, environment, startedBy: 'schedule', say: () => {}, signal };
  if (look().create) await makeBackup(daemon, { ...work, reason: 'schedule' }).catch((error: unknown) => daemon.log.error(`backup of ${project.name}/${environment}`, error));
  for (const backup of look().remove) await removeBackup(daemon, backup);
  const { prove } = look();
  if (prove && !signal.aborted) await proveBackup(daemon, prove, work);
}
