import { readFile } from 'node:fs/promises';
import { RedControlError } from '@redcontrol/contract';
import { writeFileAtomic } from '@redcontrol/system';
import { editConfig } from '../config/edit-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { shownPath, type ConfigFile } from './find-config.ts';
import type { CommandContext } from './command-context.ts';

export interface ConfigChange {
  file: ConfigFile;
  /** Where in the document; a position past a list's end appends. */
  change: (string | number)[];
  /** undefined removes. */
  value: unknown;
}

/**
 * Makes one change in a configuration file; comments and all else stay. The result is checked before it is written.
 * Throws CONFIG_INVALID, or CONFLICT when the file was changed by somebody else meanwhile.
 */
export async function changeConfigFile(context: CommandContext, { file, change, value }: ConfigChange): Promise<void> {
  const { path, source } = file;
  const text = editConfig(source, change, value);
  loadConfig(text, shownPath(context, path));
  if ((await readFile(path, 'utf8')) !== source) {
    throw new RedControlError('CONFLICT', `Expected ${shownPath(context, path)} as it was read, somebody changed it meanwhile`, { hint: 'Run the same command again.' });
  }
  await writeFileAtomic(path, text, 0o644);
}
