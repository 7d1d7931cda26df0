import * as z from 'zod';
import { wireError } from './run.ts';

/**
 * The life of one start of a job: `due` → `running` → one end. A failed attempt that is tried again is `due` once more.
 * `skipped`: the one before still ran. `missed`: it was due while nobody could start it.
 */
export const jobRunStatuses = ['due', 'running', 'succeeded', 'failed', 'timed-out', 'cancelled', 'skipped', 'missed'] as const;
export const jobRunTriggers = ['schedule', 'manual', 'missed'] as const;

export const jobRunRecord = z.object({
  id: z.int(),
  project: z.string(),
  environment: z.string(),
  job: z.string(),
  status: z.enum(jobRunStatuses),
  trigger: z.enum(jobRunTriggers),
  /** Who started it by hand; empty for the clock. */
  startedBy: z.string(),
  command: z.string(),
  /** Number of the release in whose image it ran; null before the start. */
  release: z.int().nullable(),
  /** Counts from 1. */
  attempt: z.int(),
  exitCode: z.int().nullable(),
  error: wireError.nullable(),
  /** How many times were missed, for `missed`; else 0. */
  missedCount: z.int(),
  dueAt: z.int(),
  startedAt: z.int().nullable(),
  finishedAt: z.int().nullable(),
  logBytes: z.int(),
  /** SHA-256 of the closed log, null while it is written. */
  logSha256: z.string().nullable(),
});

export const jobState = z.object({
  project: z.string(),
  environment: z.string(),
  name: z.string(),
  command: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  overlap: z.enum(['skip', 'replace', 'allow']),
  /** waiting: it has not run yet. none of a paused job is due. */
  state: z.enum(['waiting', 'ok', 'failing', 'paused']),
  pausedBy: z.string().nullable(),
  pausedAt: z.int().nullable(),
  /** Null while it is paused, and where nothing is deployed yet. */
  nextAt: z.int().nullable(),
  /** Starts that are due or running now. */
  open: z.int(),
  last: jobRunRecord.nullable(),
});

export type JobRunRecord = z.infer<typeof jobRunRecord>;
export type JobRunStatus = (typeof jobRunStatuses)[number];
export type JobRunTrigger = (typeof jobRunTriggers)[number];
export type JobState = z.infer<typeof jobState>;

/** Whether a start of a job has its end. */
export function isJobRunOver(status: JobRunStatus): boolean {
  return status !== 'due' && status !== 'running';
}
