import * as z from 'zod';

/**
 * Somebody asked for something that changes or reveals. `asked` is written before it is done; `refused` and `failed` tell
 * that it was not. Values of secrets and configurations are never in it.
 */
export const auditRecord = z.object({
  seq: z.int(),
  at: z.int(),
  name: z.string(),
  role: z.string(),
  /** Fingerprint of the SSH key, or `local` for root on the server. */
  key: z.string(),
  /** Address that the SSH connection came from; null where there is none. */
  from: z.string().nullable(),
  method: z.string(),
  project: z.string().nullable(),
  environment: z.string().nullable(),
  /** What it was about, in short. */
  detail: z.string(),
  outcome: z.enum(['asked', 'refused', 'failed']),
  errorCode: z.string().nullable(),
});

export type AuditRecord = z.infer<typeof auditRecord>;
