/**
 * Every step in the life of a run and a release that is written in one transaction.
 * The fault tests kill the daemon before and after each of these; a new one is covered by itself.
 */
export const transitions = [
  'run.queued', 'run.preparing', 'run.running', 'step.started', 'step.finished', 'run.releasing', 'run.ended',
  'release.migrating', 'release.starting', 'release.switching', 'release.watching', 'release.live', 'release.failed', 'release.reverted',
] as const;

/** The same for a start of a job, which no push reaches: a fault test of their own kills the daemon at each. */
export const jobTransitions = ['job.due', 'job.running', 'job.retried', 'job.cancelling', 'job.ended', 'job.missed'] as const;

/** Steps of work on an environment's data: backups, and restores, proofs, rehearsals, upgrades. The test of backups kills the daemon at each. */
export const dataTransitions = ['backup.started', 'backup.ended', 'data.started', 'data.switched', 'data.ended'] as const;

/** Steps in the life of a preview after its first push, which is a run's; the test of previews kills the daemon at each. */
export const previewTransitions = ['preview.filled', 'preview.ending', 'preview.ended'] as const;

export type TransitionName = (typeof transitions)[number] | (typeof jobTransitions)[number] | (typeof dataTransitions)[number] | (typeof previewTransitions)[number];

export function isTransition(text: string): text is TransitionName {
  return ([...transitions, ...jobTransitions, ...dataTransitions, ...previewTransitions] as readonly string[]).includes(text);
}
