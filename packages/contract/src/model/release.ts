import * as z from 'zod';
import { wireError } from './run.ts';

/**
 * A release's life: `migrating` → `starting` (new containers) → `switching` (proxy) → `watching` → `live` → `retired`,
 * or `failed` (before the switch, nothing touched) or `reverted` (after it, the old one came back).
 */
export const releaseStates = ['migrating', 'starting', 'switching', 'watching', 'live', 'retired', 'failed', 'reverted'] as const;

/** An app of a release of several. */
export const releaseApp = z.object({
  name: z.string(),
  imageId: z.string(),
  /** What its image was built from. */
  commit: z.string(),
  /** Number of the release that started it: an older one where a push did not concern it. */
  release: z.int(),
});

export const releaseRecord = z.object({
  id: z.int(),
  project: z.string(),
  environment: z.string(),
  /** Counts up per environment; what people call a release: "#12". */
  number: z.int(),
  runId: z.int(),
  commit: z.string(),
  ref: z.string(),
  message: z.string(),
  author: z.string(),
  /** Image id (sha256:…), not a tag: what runs is compared with it. Of several apps that of the first. */
  imageId: z.string(),
  /** Null or left out: the repository holds one app. */
  apps: z.array(releaseApp).nullable().optional(),
  state: z.enum(releaseStates),
  error: wireError.nullable(),
  /** Release that a rollback went back to. */
  rollbackOf: z.int().nullable(),
  revision: z.int(),
  createdAt: z.int(),
  liveAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  /** Whether its image is still kept, so that it can be gone back to. */
  available: z.boolean(),
});

export type ReleaseRecord = z.infer<typeof releaseRecord>;
export type ReleaseApp = z.infer<typeof releaseApp>;
export type ReleaseState = (typeof releaseStates)[number];
