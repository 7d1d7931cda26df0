import * as z from 'zod';
import { databaseEngines } from '../config/database.ts';
import { wireError } from './run.ts';

export const backupReasons = ['schedule', 'migration', 'manual', 'restore', 'upgrade', 'load'] as const;
export const backupStates = ['making', 'ready', 'failed', 'removed'] as const;
/** unproven: nobody has ever restored it. proven: it was restored and held what it said. failed: it could not be. */
export const proofStates = ['unproven', 'proven', 'failed'] as const;

/** Rows of a table, or keys of a Redis database, at the moment of a backup: between the two where the moment cannot be one. */
export const rowCount = z.object({ table: z.string(), least: z.int(), most: z.int() });

/** One encrypted file of a backup. */
export const backupFile = z.object({
  /** `database.pgdump.age`, `volumes/media.tar.zst.age` */
  name: z.string(),
  kind: z.enum(['database', 'redis', 'volume']),
  /** Of a volume its name in the configuration. */
  volume: z.string().nullable(),
  engine: z.enum(databaseEngines).nullable(),
  version: z.string().nullable(),
  /** Of the encrypted file. */
  bytes: z.int(),
  /** SHA-256 of the encrypted file, hex. */
  sha256: z.string(),
  rows: z.array(rowCount),
});

export const backupRecord = z.object({
  id: z.int(),
  project: z.string(),
  environment: z.string(),
  reason: z.enum(backupReasons),
  state: z.enum(backupStates),
  /** Where it is, for people: `local` or `s3 BUCKET`. */
  place: z.string(),
  files: z.array(backupFile),
  bytes: z.int(),
  error: wireError.nullable(),
  /** Number of the release whose migration it was made before. */
  release: z.int().nullable(),
  startedBy: z.string(),
  createdAt: z.int(),
  finishedAt: z.int().nullable(),
  proof: z.enum(proofStates),
  proofAt: z.int().nullable(),
  proofError: z.string().nullable(),
});

/** What going back to a release can mean for the data. */
export const rollbackChoices = z.object({
  release: z.int(),
  /** Made before the first migration after that release; null where none is kept: then only the app can go back. */
  backup: backupRecord.nullable(),
  /** Tables whose number of rows is another now than in the backup: what is lost, or comes back, with its data. Changed rows are not seen by it. */
  changes: z.array(z.object({ table: z.string(), before: z.int(), now: z.int() })),
});

export type RollbackChoices = z.infer<typeof rollbackChoices>;
export type BackupRecord = z.infer<typeof backupRecord>;
export type BackupFile = z.infer<typeof backupFile>;
export type BackupReason = (typeof backupReasons)[number];
export type RowCount = z.infer<typeof rowCount>;
