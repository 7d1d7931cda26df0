import * as z from 'zod';

/** One container of a live release. */
export const appInstance = z.object({
  process: z.string(),
  /** Counts from 1 within its process. */
  instance: z.int(),
  /** Name of the container: `r12-web-1`. */
  name: z.string(),
  release: z.int(),
  state: z.enum(['running', 'restarting', 'exited']),
  startedAt: z.int().nullable(),
  /** How often the engine started it again after it ended by itself. */
  restarts: z.int(),
  /** Of the last end; null when it has not ended yet. */
  exitCode: z.int().nullable(),
  memoryBytes: z.int().nullable(),
  memoryLimitBytes: z.int().nullable(),
  /** Share of one processor that it takes now: 1.5 is one and a half. */
  cpus: z.number().nullable(),
  processCount: z.int().nullable(),
});

/** A process of the live release with what was asked of it; `instances` 0 and `stopped` after `app stop`. */
export const appProcessState = z.object({
  process: z.string(),
  command: z.string().nullable(),
  wanted: z.int(),
  stopped: z.boolean(),
  /** Since when it ends again and again; null when it does not. */
  crashLoopSince: z.int().nullable(),
  instances: z.array(appInstance),
});

export type AppInstance = z.infer<typeof appInstance>;
export type AppProcessState = z.infer<typeof appProcessState>;
