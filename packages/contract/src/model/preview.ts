import * as z from 'zod';

/** A branch's own environment. Times are ms since 1970 UTC. */
export const previewState = z.object({
  project: z.string(),
  /** Of the environment: it can be given wherever an environment is asked for. */
  name: z.string(),
  /** Environment of the configuration whose `preview` it comes from. */
  base: z.string(),
  branch: z.string(),
  url: z.string(),
  /** ending: its containers, data and routes are being removed. */
  state: z.enum(['open', 'ending']),
  /** Who said that it is to stay while its branch is there; null: age and number end it. */
  keptBy: z.string().nullable(),
  createdAt: z.int(),
  pushedAt: z.int(),
  /** When it ends if nothing is pushed; null while it is kept. */
  endsAt: z.int().nullable(),
  /** Number and commit of the release that is live there; null before the first. */
  live: z.object({ release: z.int(), commit: z.string() }).nullable(),
});

export type PreviewState = z.infer<typeof previewState>;
