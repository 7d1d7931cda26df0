import * as z from 'zod';
import { name, refPattern } from './names.ts';
import { text } from './text.ts';
import { duration, size } from './units.ts';

/** The names of previews are made by the daemon, with this in front. */
export const previewPrefix = 'preview-';

/** Where previews answer: `*` stands for a preview's own name. */
const previewDomain = text(/^\*\.(?=.{1,190}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, 'a domain that begins with "*.", such as *.preview.example.com');

const previewSettings = z.strictObject({
  pattern: refPattern.describe('Branches that get an environment of their own.'),
  domain: previewDomain.optional().describe('Where they answer, e.g. *.preview.example.com; left out: the server\'s IP and a port for each.'),
  max: z.int().min(1).max(100).default(10).describe('More end the one that was pushed to longest ago.'),
  age: duration.default('14d').describe('Ends a preview when nothing was pushed to its branch for so long.'),
  memory: size.optional().describe('Most memory of each process; left out: as everywhere.'),
  seed: z.string().min(1).optional().describe('Command that fills its new database, after the first migration.'),
  clone: z
    .strictObject({
      of: name.describe('Environment whose data are copied.'),
      scrub: z.string().min(1).describe('Command that removes from the copy what a preview must not see; it runs in the image that is live there.'),
    })
    .optional()
    .describe('Gives the new database the data of another environment.'),
});

/** `preview: "feature/*"` is short for `preview: { pattern: "feature/*" }`. */
export const preview = z
  .union([refPattern.transform((pattern) => previewSettings.parse({ pattern })), previewSettings])
  .describe('An environment like this one for each branch that matches.');

export type PreviewSettings = z.infer<typeof previewSettings>;
