import { readdir, readFile } from 'node:fs/promises';
import type { SshTarget } from '@redcontrol/system';

/** Kills the ssh clients that this process has running towards a target; answers how many. */
export async function cutSsh(target: SshTarget): Promise<number> {
  let cut = 0;
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const words = (await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (words[0] !== 'ssh' || !words.includes(String(target.identityFile)) || !words.includes(target.user)) continue;
    process.kill(Number(entry), 'SIGKILL');
    cut += 1;
  }
  return cut;
}
