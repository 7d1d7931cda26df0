import * as z from 'zod';
import { version } from './names.ts';
import { duration } from './units.ts';

export const databaseEngines = ['postgres', 'mariadb', 'mysql', 'redis', 'sqlite'] as const;

export const backup = z.strictObject({
  every: z.union([z.enum(['hour', 'day', 'week']), duration]).default('day'),
  keep: z.int().min(1).max(1000).default(7).describe('How many backups are kept.'),
  to: z
    .union([
      z.literal('local'),
      z.strictObject({ s3: z.string(), endpoint: z.url().optional(), region: z.string().optional() }),
    ])
    .default('local'),
  verify: z.union([z.literal(false), duration]).default('7d').describe('How often a backup is restored to prove it.'),
});

export const database = z
  .strictObject({
    engine: z.enum(databaseEngines),
    version: version.optional().describe('Left out: the newest that the server can get.'),
    backup: backup.optional(),
    rehearsal: z.boolean().optional().describe('Try migrations on a clone of the data first.'),
    connections: z.int().min(5).max(5000).optional(),
  })
  .describe('A database of an environment: its data is kept on a volume.');

export type Database = z.infer<typeof database>;
export type DatabaseEngine = (typeof databaseEngines)[number];
