import * as z from 'zod';

/** The shortest and the longest time that figures can be asked of, in ms; 30 days are kept. */
export const metricsSpanMs = { least: 60_000, most: 31 * 86_400_000 } as const;

/** One figure for each time of `at`; null where nothing was measured. */
const figures = z.array(z.number().nullable());

/** Which times figures are of: each of `at` (ms since 1970) begins a time of `everyMs`. */
const times = { everyMs: z.int(), at: z.array(z.int()) };

/** What a process of an environment takes, all its instances together; `database` and `redis` are its databases. */
export const processMetrics = z.object({
  name: z.string(),
  kind: z.enum(['process', 'database']),
  /** Processors: 1.5 is one and a half. */
  cpus: figures,
  /** The most that its largest instance took. */
  memoryBytes: figures,
  /** Limit of that instance, now; null without one. */
  memoryLimitBytes: z.number().nullable(),
  receivedPerSecond: figures,
  sentPerSecond: figures,
});

export const environmentMetrics = z.object({
  ...times,
  processes: z.array(processMetrics),
  /** `errorShare`: of answers 500 and above, 0 to 1. Times are until the answer begins, in ms. */
  requests: z.object({ perSecond: figures, errorShare: figures, p50Ms: figures, p95Ms: figures }),
  /** Of the whole time. */
  total: z.object({ requests: z.int(), errors: z.int(), p50Ms: z.number().nullable(), p95Ms: z.number().nullable() }),
  volumes: z.array(z.object({ name: z.string(), bytes: figures })),
});

export const serverMetrics = z.object({
  ...times,
  /** Of all processors, and how many there are. */
  cpus: figures,
  cpuCount: z.int(),
  memoryBytes: figures,
  memoryTotalBytes: z.number(),
  disks: z.array(z.object({ folder: z.string(), usedBytes: figures, totalBytes: z.number().nullable() })),
  /** What RedControl's own daemon takes of it. */
  daemon: z.object({ cpus: figures, memoryBytes: figures }),
});

export type EnvironmentMetrics = z.infer<typeof environmentMetrics>;
export type ServerMetrics = z.infer<typeof serverMetrics>;
