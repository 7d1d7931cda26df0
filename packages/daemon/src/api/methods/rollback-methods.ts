import { RedControlError } from '@redcontrol/contract';
import { rollbackChoices } from '../../release/index.ts';
import { getBackup, getProject, getRelease, getRun, liveRelease, listReleases, type StoredRelease } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { queueRun } from './run-methods.ts';

export const rollbackMethods: Pick<Handlers, 'release.rollback' | 'release.rollback-choices'> = {
  'release.rollback'(call) {
    const { daemon, params, caller } = call;
    const release = rollbackTarget(call);
    const origin = getRun(daemon.store, release.runId);
    const backup = params.backup === undefined ? undefined : getBackup(daemon.store, params.backup);
    if (params.backup !== undefined && (backup?.state !== 'ready' || backup.project !== params.project)) {
      throw new RedControlError('NOT_FOUND', `Expected a backup of ${params.project}, got ${params.backup}`, { hint: 'See `redcontrol backup list`.' });
    }
    return queueRun(call, {
      project: params.project, trigger: 'rollback', ref: release.ref, refKind: origin?.refKind ?? 'commit', commit: release.commit, message: release.message,
      author: release.author, authorEmail: origin?.authorEmail ?? '', environments: [params.environment], rollbackTo: release.id, rollbackBackup: backup?.id ?? null,
      revision: getProject(daemon.store, params.project)?.revision ?? release.revision, startedBy: caller.name,
    });
  },

  'release.rollback-choices': (call) => rollbackChoices(call.daemon, rollbackTarget(call)),
};

/** The release that is named, or the one before the live one. Throws NOT_FOUND, naming those that are kept. */
function rollbackTarget({ daemon, params }: { daemon: Call['daemon']; params: { project: string; environment: string; release?: number | undefined } }): StoredRelease {
  const owner = { project: params.project, environment: params.environment };
  const live = liveRelease(daemon.store, params.project, params.environment);
  const kept = listReleases(daemon.store, { ...owner, limit: 200 }).filter((release) => release.available && release.state === 'retired');
  const target = params.release === undefined ? kept.find((release) => release.id === live?.previous) ?? kept[0] : kept.find((release) => release.number === params.release);
  if (target) return getRelease(daemon.store, target.id)!;
  throw new RedControlError('NOT_FOUND', params.release === undefined ? `Expected an earlier release of ${params.environment} to go back to, there is none` : `Expected a kept release of ${params.environment}, got #${params.release}`, { hint: kept.length > 0 ? `Kept: ${kept.map((release) => `#${release.number}`).join(', ')}.` : 'Deploy once more before a rollback is possible.' });
}
