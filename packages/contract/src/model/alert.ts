import * as z from 'zod';

/** What is told from figures against a limit. */
export const watchedAlertKinds = ['errors', 'memory', 'disk', 'certificate'] as const;
/** What can be wrong for a while. */
export const alertKinds = ['down', 'crash-loop', 'job', ...watchedAlertKinds] as const;

/** Something that is wrong now: told once when it began, and once when it is over. */
export const alert = z.object({
  kind: z.enum(alertKinds),
  project: z.string(),
  /** Null for what concerns the whole server. */
  environment: z.string().nullable(),
  /** Of the process, job, disk or domain that it is about; null where it is the environment. */
  name: z.string().nullable(),
  since: z.int(),
  /** What it was when it began, and the limit, for people: `12 %` and `5 %`; null where there is none. */
  value: z.string().nullable(),
  limit: z.string().nullable(),
});

export type Alert = z.infer<typeof alert>;
export type AlertKind = Alert['kind'];
export type WatchedAlertKind = (typeof watchedAlertKinds)[number];
