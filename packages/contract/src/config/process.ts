import * as z from 'zod';
import { duration, size } from './units.ts';
import { name, urlPath, variables } from './names.ts';

const cronForm = 'a cron line such as "0 3 * * *"';

export const health = z
  .strictObject({
    path: urlPath.optional(),
    status: z.union([z.int().min(100).max(599), z.array(z.int().min(100).max(599))]).optional().describe('Left out: any below 400.'),
    timeout: duration.default('60s').describe('How long a new version may take to become ready.'),
    interval: duration.default('250ms'),
  })
  .describe('How a new version proves that it is ready.');

export const appProcess = z.strictObject({
  run: z.string().min(1).optional().describe('Command; left out for web: the preset\'s.'),
  instances: z.int().min(0).max(100).default(1),
  memory: size.default('512M'),
  cpus: z.number().positive().max(256).optional(),
  port: z.int().min(1).max(65_535).optional().describe('Where it listens; also given as PORT.'),
  health: health.optional(),
  handover: z.enum(['start-first', 'stop-first']).optional().describe('Left out: start-first for web, stop-first for others.'),
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP']).default('SIGTERM'),
  stopTime: duration.default('10s').describe('Between the stop signal and the kill.'),
  variables: variables.default({}),
});

export const job = z.strictObject({
  cron: z.string({ error: cronForm }).min(9, { error: cronForm }).max(200, { error: cronForm }),
  timeZone: z.string().default('UTC'),
  run: z.string().min(1),
  app: name.optional().describe('In whose image it runs, where there are several apps.'),
  environments: z.array(name).min(1).optional().describe('Where it runs; left out: in every environment.'),
  timeout: duration.default('1h').describe('Of one attempt; then it is stopped and counts as failed.'),
  overlap: z.enum(['skip', 'replace', 'allow']).default('skip').describe('When it is due while the one before still runs.'),
  retries: z.int().min(0).max(10).default(0).describe('How often a failed attempt is repeated.'),
  missed: z.enum(['report', 'run-once']).default('report').describe('What was due while the server was off.'),
  memory: size.default('512M'),
});

export type AppProcess = z.infer<typeof appProcess>;
export type Health = z.infer<typeof health>;
export type Job = z.infer<typeof job>;
