import * as z from 'zod';
import { channelState } from './channel.ts';
import { releaseRecord } from './release.ts';
import { runRecord } from './run.ts';
import { databaseEngines } from '../config/database.ts';

export const sourceState = z.object({
  state: z.enum(['waiting', 'following', 'unreachable', 'empty']),
  error: z.string().nullable(),
  checkedAt: z.int().nullable(),
  nextCheckAt: z.int().nullable(),
  branches: z.int(),
  tags: z.int(),
});

export const databaseState = z.object({
  engine: z.enum(databaseEngines),
  version: z.string(),
  state: z.enum(['missing', 'starting', 'ready', 'failed']),
  error: z.string().nullable(),
});

/** Visitors get a maintenance page, all but those from `letIn` (addresses, networks). `message` null: the page's own words. */
export const maintenanceState = z.object({ at: z.int(), by: z.string(), message: z.string().nullable(), letIn: z.array(z.string()) });

/** An app of a live release of several. */
export const appState = z.object({
  name: z.string(),
  /** Null: it has no web process. */
  url: z.string().nullable(),
  health: z.enum(['up', 'down', 'stopped']),
  instances: z.int(),
  commit: z.string(),
  /** Number of the release that started it. */
  release: z.int(),
});

export const environmentState = z.object({
  project: z.string(),
  name: z.string(),
  url: z.string(),
  /** never: nothing was deployed yet. down: the live version does not answer. stopped: somebody stopped its web process. */
  health: z.enum(['never', 'up', 'down', 'deploying', 'stopped']),
  live: releaseRecord.nullable(),
  database: databaseState.nullable(),
  redis: databaseState.nullable(),
  instances: z.int(),
  /** Left out where the repository holds one app. */
  apps: z.array(appState).optional(),
  /** Since when, and by whom, pushes are not deployed here; left out by daemons that cannot. */
  paused: z.object({ at: z.int(), by: z.string() }).nullable().optional(),
  /** Null: the site is open; left out by daemons that cannot. */
  maintenance: maintenanceState.nullable().optional(),
  /** Of a branch's own environment; left out by daemons that know none. */
  preview: z.object({ base: z.string(), branch: z.string(), keptBy: z.string().nullable(), endsAt: z.int().nullable() }).nullable().optional(),
  /** Whole days until the certificate ends; null without one. */
  certificateDays: z.int().nullable(),
  certificateError: z.string().nullable(),
});

export const projectState = z.object({
  name: z.string(),
  repository: z.string(),
  framework: z.string().nullable(),
  revision: z.int(),
  source: sourceState,
  deployKey: z.string(),
  /** Path under which the git host's webhooks reach the daemon, with the host in front of it. */
  webhookPath: z.string(),
  environments: z.array(environmentState),
  lastRun: runRecord.nullable(),
  queuedRuns: z.int(),
  /** Left out by daemons that know no channels. */
  channels: z.array(channelState).optional(),
});

export const revisionRecord = z.object({
  number: z.int(),
  appliedAt: z.int(),
  appliedBy: z.string(),
  summary: z.string(),
});

export const serverState = z.object({
  hostname: z.string(),
  os: z.string(),
  daemonVersion: z.string(),
  contractVersion: z.int(),
  engineVersion: z.string().nullable(),
  cpus: z.int(),
  loadAverage: z.number(),
  memoryTotalBytes: z.int(),
  memoryFreeBytes: z.int(),
  diskTotalBytes: z.int(),
  diskFreeBytes: z.int(),
  daemonResidentBytes: z.int(),
  startedAt: z.int(),
  imageSource: z.enum(['hub', 'debian', 'unknown']),
  machines: z
    .object({ qemuVersion: z.string().nullable(), acceleration: z.enum(['kvm', 'tcg']).nullable(), memoryAvailableBytes: z.int() })
    .optional()
    .describe('What the server has for virtual machines; left out by daemons that do not know them.'),
});

export type ProjectState = z.infer<typeof projectState>;
export type AppState = z.infer<typeof appState>;
export type EnvironmentState = z.infer<typeof environmentState>;
export type SourceState = z.infer<typeof sourceState>;
export type DatabaseState = z.infer<typeof databaseState>;
export type RevisionRecord = z.infer<typeof revisionRecord>;
export type ServerState = z.infer<typeof serverState>;
