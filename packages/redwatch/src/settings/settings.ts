import { RedControlError } from '@redcontrol/contract';
import { readIfExists, writeFileAtomic } from '@redcontrol/system';
import * as z from 'zod';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time as 22:30');

const watchedServer = z.strictObject({
  name: z.string().min(1).max(100),
  host: z.string().min(1).max(255),
  user: z.string().min(1).max(64),
  port: z.int().min(1).max(65_535),
  identityFile: z.string().optional(),
  /** OpenSSH configuration file, as ssh -F. */
  sshConfig: z.string().optional(),
  /** Unix socket of a daemon on this machine, instead of SSH. */
  socket: z.string().optional(),
});

const settings = z.strictObject({
  servers: z.array(watchedServer).max(50).default([]),
  /** Left out: the language of the environment. */
  language: z.enum(['en', 'ru']).optional(),
  filters: z.strictObject({
    /** Only what these e-mail addresses wrote; empty: what anybody wrote. */
    mine: z.array(z.string()).default([]),
    /** Branch names, `*` stands for any characters; empty: all. */
    branches: z.array(z.string()).default([]),
    environments: z.array(z.string()).default([]),
    quietHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
  }).prefault({}),
});

export type WatchedServer = z.infer<typeof watchedServer>;
export type Settings = z.infer<typeof settings>;
export type Filters = Settings['filters'];

/** The user's settings; the presets when there is no file yet. Throws CONFIG_INVALID. */
export async function readSettings(path: string): Promise<Settings> {
  const text = await readIfExists(path);
  if (text === undefined) return settings.parse({});
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RedControlError('CONFIG_INVALID', `Expected JSON in ${path}, got something else`, { cause, hint: 'Correct it, or remove the file and connect again.' });
  }
  const parsed = settings.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new RedControlError('CONFIG_INVALID', `Expected settings of redwatch in ${path}, got a wrong ${first?.path.join('.') || 'value'}: ${first?.message}`, { hint: 'Correct it, or remove the file and connect again.' });
}

/** Throws CONFIG_INVALID for what could not be read again. */
export async function writeSettings(path: string, wanted: Settings): Promise<void> {
  const parsed = settings.safeParse(wanted);
  if (!parsed.success) throw new RedControlError('CONFIG_INVALID', `Expected settings of redwatch, got a wrong ${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`);
  await writeFileAtomic(path, `${JSON.stringify(parsed.data, null, 2)}\n`);
}
