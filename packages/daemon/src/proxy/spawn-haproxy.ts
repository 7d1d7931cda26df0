import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { killTree, readIfExists, spawnProcess, writeFileAtomic } from '@redcontrol/system';
import { RedControlError } from '@redcontrol/contract';
import { findProxyUser, hasIpv6 } from './machine.ts';
import { readIdentity } from './read-running.ts';
import { askHaproxy } from './runtime-socket.ts';
import { proxyPaths, type ProxySettings } from './settings.ts';
import { renderFiles } from './write-files.ts';

const answersWithinMs = 10_000;
const lookEveryMs = 20;
const stopsWithinMs = 3_000;
const keptOutputBytes = 64 * 1024;

export interface SpawnedHaproxy {
  /** Process id of the master. */
  pid: number;
  /** The end of what it said. */
  output(): string;
  /** Ends it with all its workers, at once: open connections are cut. */
  stop(): Promise<void>;
}

/**
 * Starts HAProxy as a child in master-worker mode, for tests and for servers without systemd. Without a file of its own
 * it starts with no sites. Throws PROXY_FAILED when its sockets do not answer within 10 s.
 */
export async function spawnHaproxy(options: { directory: string; runDirectory: string; binary?: string; httpPort?: number; httpsPort?: number }): Promise<SpawnedHaproxy> {
  const paths = proxyPaths(options);
  if ((await readIfExists(paths.config)) === undefined) await writeFirstFiles(options);
  const child = spawnProcess(options.binary ?? '/usr/sbin/haproxy', ['-W', '-S', `${paths.masterSocket},mode,600`, '-f', paths.config]);
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-keptOutputBytes);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  let failure: Error | undefined;
  const ended = once(child, 'close').catch((error: Error) => {
    failure = error;
  });

  for (const until = Date.now() + answersWithinMs; ; await delay(lookEveryMs)) {
    const answers = await Promise.all([readIdentity(paths.socket), askHaproxy(paths.masterSocket, 'show proc', 1_000)]).then(([{ pid }, processes]) => processes.includes(`${pid}`), () => false);
    if (answers && child.exitCode === null) break;
    if (child.exitCode === null && !failure && Date.now() < until) continue;
    killTree(child);
    throw new RedControlError('PROXY_FAILED', `Expected HAProxy to start, got ${failure?.message ?? said.slice(-1000)}`);
  }
  return {
    pid: child.pid ?? 0,
    output: () => said,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        killTree(child, 'SIGTERM');
        await Promise.race([ended, delay(stopsWithinMs, undefined, { ref: false })]);
      }
      // Also workers whose master was killed.
      killTree(child);
      await ended;
    },
  };
}

async function writeFirstFiles(options: { directory: string; runDirectory: string; httpPort?: number; httpsPort?: number }): Promise<void> {
  const settings: ProxySettings = {
    directory: options.directory,
    runDirectory: options.runDirectory,
    httpPort: options.httpPort ?? 80,
    httpsPort: options.httpsPort ?? 443,
    ipv6: await hasIpv6(),
    ...(await findProxyUser(options.runDirectory)),
  };
  await mkdir(options.runDirectory, { recursive: true });
  for (const [file, text] of Object.entries(renderFiles({ sites: [] }, {}, settings))) await writeFileAtomic(file, text);
}
