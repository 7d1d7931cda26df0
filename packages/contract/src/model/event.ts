import * as z from 'zod';

export const eventKinds = [
  'run.queued', 'run.waiting', 'run.started', 'run.succeeded', 'run.failed', 'run.recovered', 'run.cancelled', 'run.superseded',
  'step.started', 'step.finished',
  'release.started', 'release.live', 'release.failed', 'release.reverted', 'release.rolled-back',
  'environment.down', 'environment.up', 'environment.paused', 'environment.resumed', 'environment.maintenance-started', 'environment.maintenance-ended', 'source.unreachable', 'source.reachable', 'project.applied', 'certificate.failed',
  'job.failed', 'job.recovered', 'job.missed', 'process.crash-loop', 'process.recovered', 'process.hung', 'alert.started', 'alert.ended',
  'release.rehearsed', 'backup.made', 'backup.failed', 'backup.proven', 'backup.unprovable', 'data.restored', 'data.upgraded', 'data.failed',
  'preview.made', 'preview.ended',
] as const;

/** Something that happened, numbered without a gap per daemon so that a reader can go on where it stopped. */
export const event = z.object({
  seq: z.int(),
  at: z.int(),
  kind: z.enum(eventKinds),
  project: z.string(),
  environment: z.string().nullable(),
  runId: z.int().nullable(),
  /** One line for people, in English; programs and translations use the other fields. */
  text: z.string(),
  data: z.record(z.string(), z.unknown()),
});

export type RedControlEvent = z.infer<typeof event>;
export type EventKind = (typeof eventKinds)[number];
