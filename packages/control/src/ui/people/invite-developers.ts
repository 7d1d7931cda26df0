import { RedControlError, type ControlResult } from '@redcontrol/contract';
import { quoteForShell } from '@redcontrol/system';
import { loadConfig } from '../../config/load-config.ts';
import { inviteTo } from '../../people/invite.ts';
import { readConfigFile } from '../config/config-files.ts';
import type { UiContext } from '../ui-context.ts';

/** The lines that developers of an opened project connect with, one a server. Throws NOT_FOUND, CONFIG_INVALID. */
export async function inviteDevelopers({ projects, install }: UiContext, path: string, signal?: AbortSignal): Promise<ControlResult<'people.invite'>> {
  if (!projects.paths().includes(path)) throw new RedControlError('NOT_FOUND', `Expected a configuration that was opened, got ${path}`, { hint: 'Open it first.' });
  const { config } = loadConfig((await readConfigFile(path)).text, path);
  return Promise.all(Object.entries(config.servers).map(async ([server, address]) => {
    try {
      return { server, line: `redwatch connect ${quoteForShell(await inviteTo(install.target(address), config.project, signal))}` };
    } catch (thrown) {
      if (thrown instanceof RedControlError && thrown.code === 'SSH_HOST_KEY') return { server, line: null };
      throw thrown;
    }
  }));
}
