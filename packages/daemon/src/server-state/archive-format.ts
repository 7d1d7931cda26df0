import * as z from 'zod';

/** First entry of an archive: what is in it. */
export const archiveManifest = z.object({
  format: z.literal(1),
  daemonVersion: z.string().max(100),
  hostname: z.string().max(300),
  createdAt: z.int(),
  files: z.array(z.object({ name: z.string().max(400), bytes: z.int().min(0), sha256: z.string().length(64) })).max(100_000),
});

export type ArchiveManifest = z.infer<typeof archiveManifest>;

export const manifestName = 'manifest.json';
export const storeName = 'state.db';

/** Folders of the data directory whose files belong to a server's state, beside the single files. */
export const stateFolders = ['certificates', 'ssh'] as const;
export const stateFiles = ['key', 'backup-key.txt'] as const;

/** Nothing else is taken out of an archive, whatever it says. */
export function isStateName(name: string): boolean {
  if (name === storeName || (stateFiles as readonly string[]).includes(name)) return true;
  const [folder, file, ...rest] = name.split('/');
  return rest.length === 0 && (stateFolders as readonly string[]).includes(folder ?? '') && /^[A-Za-z0-9][A-Za-z0-9._-]{0,300}$/.test(file ?? '');
}
