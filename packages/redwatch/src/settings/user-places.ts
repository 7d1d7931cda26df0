import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where redwatch keeps a user's files. */
export interface UserPlaces {
  settings: string;
  /** How far the events of each server were told. */
  cursors: string;
  /** Socket (on Windows: pipe) that one `redwatch run` holds, so that nothing is told twice. */
  running: string;
  /** What waits for the end of quiet hours. */
  held: string;
  /** What the prompt line is made of, written by `redwatch run`. */
  summary: string;
}

/** By the XDG Base Directory specification; by the system's customs on macOS and Windows. */
export function userPlaces(variables: Record<string, string | undefined>, platform: NodeJS.Platform = process.platform): UserPlaces {
  const home = variables.HOME || homedir();
  const { config, state } = folders(variables, { home, platform });
  const running = platform === 'win32' ? `\\\\.\\pipe\\redwatch-${variables.USERNAME ?? 'user'}` : join(state, 'running.sock');
  return { running, settings: join(config, 'settings.json'), cursors: join(state, 'cursors.json'), held: join(state, 'held.json'), summary: join(state, 'summary.json') };
}

function folders(variables: Record<string, string | undefined>, { home, platform }: { home: string; platform: NodeJS.Platform }): { config: string; state: string } {
  if (platform === 'darwin') {
    const folder = join(home, 'Library', 'Application Support', 'redwatch');
    return { config: folder, state: folder };
  }
  if (platform === 'win32') {
    return { config: join(variables.APPDATA || home, 'redwatch'), state: join(variables.LOCALAPPDATA || home, 'redwatch') };
  }
  return {
    config: join(variables.XDG_CONFIG_HOME || join(home, '.config'), 'redwatch'),
    state: join(variables.XDG_STATE_HOME || join(home, '.local', 'state'), 'redwatch'),
  };
}
