import * as z from 'zod';

/** One thing that a plan would do, in words for people; its `kind` and `target` for programs. */
export const operation = z.object({
  id: z.string(),
  kind: z.enum(['create', 'change', 'remove', 'keep', 'run']),
  target: z.string(),
  description: z.string(),
  /** Data or service that is lost or interrupted by it; null for none. */
  warning: z.string().nullable().default(null),
});

/** Progress of a long operation. */
export const progress = z.object({
  operation: z.string(),
  state: z.enum(['started', 'output', 'done', 'failed', 'skipped']),
  text: z.string().default(''),
});

export type Operation = z.infer<typeof operation>;
export type Progress = z.infer<typeof progress>;
