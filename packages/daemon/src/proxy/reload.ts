import type { Clock } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import { askHaproxy } from './runtime-socket.ts';
import { readIdentity } from './read-running.ts';
import type { ProxyPaths } from './settings.ts';

const servesWithinMs = 30_000;
const lookEveryMs = 20;

/**
 * Lets the master start a new worker from the file and waits until it has the sockets. The old worker finishes what it
 * holds. Throws PROXY_FAILED when the new one does not come up; the old one then serves on.
 */
export async function reloadHaproxy(structure: string, paths: ProxyPaths, clock: Clock): Promise<void> {
  const before = await readIdentity(paths.socket);
  const failedBefore = await failedReloads(paths);
  // Up to 2.6 the answer is empty and the reload goes on behind it; from 2.7 on it comes at the end, with what was said.
  const answer = await askHaproxy(paths.masterSocket, 'reload', servesWithinMs).catch(() => '');
  if (answer.startsWith('Success=0')) throw refused(answer.split('\n').filter((line) => line.includes('[ALERT]')).join('\n'));
  for (const until = clock.now() + servesWithinMs; ; await clock.sleep(lookEveryMs)) {
    const now = await readIdentity(paths.socket).catch(() => undefined);
    if (now && now.pid !== before.pid && now.structure === structure) return;
    if ((await failedReloads(paths)) > failedBefore) throw refused('');
    if (clock.now() > until) throw refused(`none within ${servesWithinMs} ms`);
  }
}

/** How many reloads came to nothing since the last good one, as the master counts them. */
async function failedReloads(paths: ProxyPaths): Promise<number> {
  const text = await askHaproxy(paths.masterSocket, 'show proc', 2_000).catch(() => '');
  return Number(/\[failed: (\d+)\]/.exec(text)?.[1] ?? 0);
}

function refused(said: string): RedControlError {
  return new RedControlError('PROXY_FAILED', `Expected a new HAProxy process to take over${said ? `, got ${said.slice(0, 1000)}` : ', it did not start'}`, {
    hint: 'The running one serves on. A port that another program has is the usual reason: journalctl -u redcontrol-haproxy',
  });
}
