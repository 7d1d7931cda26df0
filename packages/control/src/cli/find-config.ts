import { access, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { configLimits, RedControlError } from '@redcontrol/contract';
import { loadConfig, type LoadedConfig } from '../config/load-config.ts';
import type { CommandContext } from './command-context.ts';

export const configFileName = 'redcontrol.yml';

export interface ConfigFile extends LoadedConfig {
  /** Absolute path. */
  path: string;
}

/** Reads and checks the configuration that a command works with. Throws CONFIG_NOT_FOUND or CONFIG_INVALID. */
export async function readConfigFile(context: CommandContext): Promise<ConfigFile> {
  const path = await findConfigFile(context);
  const text = await readConfigText(path);
  return { ...loadConfig(text, shownPath(context, path)), path };
}

/** The file that --config names, or the nearest redcontrol.yml in this folder and those above. */
export async function findConfigFile({ cli, global }: CommandContext): Promise<string> {
  if (global.config !== undefined) return resolve(cli.folder, global.config);
  for (let folder = resolve(cli.folder); ; folder = dirname(folder)) {
    const path = join(folder, configFileName);
    if (await access(path).then(() => true, () => false)) return path;
    if (folder === dirname(folder)) break;
  }
  throw new RedControlError('CONFIG_NOT_FOUND', `Expected ${configFileName} in ${cli.folder} or a folder above, got none`, { hint: 'Write one with `redcontrol init`, or name it with --config.' });
}

/** The text of a configuration file; a file that is too large is not read. */
export async function readConfigText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > configLimits.bytes) throw new RedControlError('CONFIG_INVALID', `Expected ${path} to have at most ${configLimits.bytes} bytes, got ${size}`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof RedControlError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const got = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : message;
    throw new RedControlError('CONFIG_NOT_FOUND', `Expected a configuration in ${path}, got ${got}`, { cause, hint: 'Write one with `redcontrol init`, or name it with --config.' });
  }
}

/** A path as messages show it: relative to the folder that the command runs in, when that is shorter. */
export function shownPath({ cli }: CommandContext, path: string): string {
  const near = relative(cli.folder, path);
  return near.length > 0 && near.length < path.length ? near : path;
}
