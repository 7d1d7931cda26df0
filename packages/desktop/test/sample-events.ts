import type { EventKind, RedControlEvent } from '@redcontrol/contract';

const happened: [kind: EventKind, environment: string | null, runId: number | null, text: string][] = [
  ['project.applied', null, null, 'revision 3 applied'],
  ['run.queued', null, 994, 'run 994 queued'],
  ['step.finished', null, 994, 'step test failed'],
  ['run.failed', null, 994, 'run 994 failed: Expected step test to exit with 0, got 1'],
  ['release.live', 'production', 993, 'release 12 is live'],
  ['process.crash-loop', 'production', null, 'worker ended 5 times within 10 minutes'],
  ['process.recovered', 'production', null, 'worker has run for 10 minutes'],
  ['job.missed', 'production', null, 'cleanup was missed 2 times'],
  ['backup.proven', 'production', null, 'backup 7 was restored for a proof: 214 rows in 9 tables'],
  ['environment.down', 'test', null, 'Expected HTTP 200 from /, got <b>502</b>'],
  ['environment.up', 'test', null, 'answers again'],
];

/** What happened to the shop in the last hours, oldest first. */
export function sampleEvents(now: number): RedControlEvent[] {
  return happened.map(([kind, environment, runId, text], index) => ({ seq: 30 + index, at: now - (happened.length - index) * 900_000, kind, project: 'shop', environment, runId, text, data: {} }));
}
