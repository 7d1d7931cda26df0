import * as z from 'zod';
import { variableName, version } from './names.ts';
import { text } from './text.ts';
import { duration } from './units.ts';

export const databaseEngines = ['postgres', 'mariadb', 'mysql', 'redis', 'sqlite'] as const;

export const backup = z.strictObject({
  every: z.union([z.enum(['hour', 'day', 'week']), duration]).default('day'),
  keep: z.int().min(1).max(1000).default(7).describe('How many backups are kept.'),
  to: z
    .union([
      z.literal('local'),
      z.strictObject({
        s3: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a bucket name'),
        endpoint: z.url({ protocol: /^https?$/ }).optional().describe('URL of the S3 service; left out: that of Amazon.'),
        region: z.string().default('us-east-1'),
        keyId: variableName.default('BACKUP_S3_KEY_ID').describe('Secret with the access key id.'),
        secret: variableName.default('BACKUP_S3_SECRET').describe('Secret with the secret access key.'),
      }),
    ])
    .default('local'),
  verify: z.union([z.literal(false), duration]).default('7d').describe('How often a backup is restored to prove it.'),
});

export const database = z
  .strictObject({
    engine: z.enum(databaseEngines),
    version: version.optional().describe('Left out: the newest that the server can get.'),
    backup: z.union([z.literal(false), backup]).optional().describe('By the clock; left out: only before migrations. false: never.'),
    rehearsal: z.boolean().optional().describe('Try migrations on a copy of the data first. Left out: yes.'),
    connections: z.int().min(5).max(5000).optional(),
  })
  .describe('A database of an environment: its data is kept on a volume.');

export type BackupSettings = z.infer<typeof backup>;
export type Database = z.infer<typeof database>;
export type DatabaseEngine = (typeof databaseEngines)[number];
