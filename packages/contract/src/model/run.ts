import * as z from 'zod';

/** A run's life. `queued` → `preparing` → `running` → `releasing` → one verdict. */
export const runStatuses = ['queued', 'preparing', 'running', 'releasing', 'succeeded', 'failed', 'cancelled', 'superseded'] as const;
export const runVerdicts = ['succeeded', 'failed', 'cancelled', 'superseded'] as const;
export const stepStatuses = ['pending', 'running', 'passed', 'failed', 'skipped', 'cancelled', 'allowed-failure'] as const;
export const runTriggers = ['push', 'tag', 'manual', 'retry', 'rollback', 'first'] as const;

export const wireError = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

export const stepRecord = z.object({
  index: z.int(),
  name: z.string(),
  status: z.enum(stepStatuses),
  command: z.string(),
  exitCode: z.int().nullable(),
  startedAt: z.int().nullable(),
  finishedAt: z.int().nullable(),
  /** Bytes of the masked log as stored. */
  logBytes: z.int(),
  /** SHA-256 of the closed log, null while it is written. */
  logSha256: z.string().nullable(),
});

export const failedTest = z.object({ suite: z.string(), name: z.string(), message: z.string() });

/** Why a push concerns an app, or does not. `detail`: the file, the commit or the environment that it is about. */
export const appReasons = ['changed', 'root-file', 'always', 'new', 'nothing-live', 'configuration', 'by-hand', 'deploys-nowhere', 'history', 'too-many', 'rollback', 'unchanged'] as const;

export const runApp = z.object({
  name: z.string(),
  /** Whether it is tested and deployed by this run; else it stays as it is. */
  concerned: z.boolean(),
  reason: z.enum(appReasons),
  detail: z.string(),
  /** The same in one English sentence. */
  text: z.string(),
});

export const runRecord = z.object({
  id: z.int(),
  project: z.string(),
  trigger: z.enum(runTriggers),
  /** Short name of the branch or tag. */
  ref: z.string(),
  refKind: z.enum(['branch', 'tag', 'commit']),
  commit: z.string(),
  message: z.string(),
  author: z.string(),
  authorEmail: z.string(),
  status: z.enum(runStatuses),
  error: wireError.nullable(),
  /** Environments that this run deploys to when its steps pass. */
  environments: z.array(z.string()),
  /** Null or left out: the repository holds one app, or it is not known yet. */
  apps: z.array(runApp).nullable().optional(),
  attempt: z.int(),
  revision: z.int(),
  startedBy: z.string(),
  createdAt: z.int(),
  startedAt: z.int().nullable(),
  finishedAt: z.int().nullable(),
});

export const runDetails = runRecord.extend({ steps: z.array(stepRecord), failedTests: z.array(failedTest) });

export type RunRecord = z.infer<typeof runRecord>;
export type RunApp = z.infer<typeof runApp>;
export type RunDetails = z.infer<typeof runDetails>;
export type StepRecord = z.infer<typeof stepRecord>;
export type RunStatus = (typeof runStatuses)[number];
export type RunVerdict = (typeof runVerdicts)[number];
export type StepStatus = (typeof stepStatuses)[number];
export type RunTrigger = (typeof runTriggers)[number];
export type FailedTest = z.infer<typeof failedTest>;
