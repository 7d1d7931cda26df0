import { access } from 'node:fs/promises';
import { RedControlError } from '@redcontrol/contract';
import { writeFileAtomic } from '@redcontrol/system';
import { configFileName } from '../cli/find-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { renderConfig, type InitChoices } from './render-config.ts';

/** Throws CONFLICT where a folder has a configuration already and nobody said that it may go. */
export async function refuseExistingConfig(path: string, { top, force }: { top: string; force: boolean | undefined }): Promise<void> {
  if (force || !(await access(path).then(() => true, () => false))) return;
  throw new RedControlError('CONFLICT', `Expected no ${configFileName} yet, there is one in ${top}`, { hint: 'Change it by hand, or write over it with --force.' });
}

/** Writes what was chosen. It has to be what `check` accepts, and may not be after a repository with strange names or files that disagree: throws CONFIG_INVALID then, and writes nothing. */
export async function writeNewConfig(path: string, choices: InitChoices): Promise<void> {
  const text = renderConfig(choices);
  loadConfig(text, configFileName);
  await writeFileAtomic(path, text, 0o644);
}
