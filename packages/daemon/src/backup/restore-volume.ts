import type { Readable } from 'node:stream';
import { RedControlError, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { volumeName } from '../environment/index.ts';
import { execInContainer } from '../engine/index.ts';
import { withHelper } from './helper-container.ts';
import { assertDataRoom, watchDataRoom } from './data-room.ts';

export interface VolumePlace {
  config: ProjectConfig;
  environment: string;
  volume: string;
  signal?: AbortSignal | undefined;
}

const unpackTimeoutMs = 6 * 3_600_000;

/*
 * New files are unpacked into a folder of the volume itself; only when all are there do they change places with those in use,
 * by renames. Each script may be run again after a kill at any point.
 */
const unpackScript = 'set -eu; cd /data; rm -rf .redcontrol-new; mkdir .redcontrol-new; tar --extract --directory=.redcontrol-new --numeric-owner --preserve-permissions; mv .redcontrol-new .redcontrol-restored';
const swapScript = `set -eu
cd /data
[ -d .redcontrol-restored ] || exit 0
[ -d .redcontrol-before ] || { mkdir .redcontrol-hold; find . -mindepth 1 -maxdepth 1 ! -name '.redcontrol-*' -exec mv -t .redcontrol-hold {} +; mv .redcontrol-hold .redcontrol-before; }
find .redcontrol-restored -mindepth 1 -maxdepth 1 ! -name '.redcontrol-*' -exec mv -t . {} +
rm -rf .redcontrol-restored .redcontrol-before
`;
const discardScript = 'rm -rf /data/.redcontrol-new /data/.redcontrol-restored';

/** Brings files into a volume beside those in use, which stay as they are. Throws DISK_FULL, or BACKUP_CORRUPT. */
export function unpackBeside(daemon: DaemonContext, place: VolumePlace, files: Readable): Promise<void> {
  return inVolume(daemon, place, async (run, { engine, id }) => {
    const room = watchDataRoom(engine, { container: id, path: '/data' }, { reserveBytes: daemon.options.diskReserveBytes, clock: daemon.clock });
    try {
      await assertDataRoom(engine, { container: id, path: '/data' }, daemon.options.diskReserveBytes);
      await run(unpackScript, files, room.signal);
    } catch (error) {
      await run(discardScript);
      throw error;
    } finally {
      room.end();
    }
  });
}

/** Puts the files that were unpacked in the place of those in use. Nothing happens where none were. */
export function swapFiles(daemon: DaemonContext, place: VolumePlace): Promise<void> {
  return inVolume(daemon, place, (run) => run(swapScript));
}

export function discardFiles(daemon: DaemonContext, place: VolumePlace): Promise<void> {
  return inVolume(daemon, place, (run) => run(discardScript));
}

type Run = (script: string, stdin?: Readable, stop?: AbortSignal) => Promise<void>;

function inVolume(daemon: DaemonContext, place: VolumePlace, work: (run: Run, helper: { engine: Parameters<typeof execInContainer>[0]; id: string }) => Promise<void>): Promise<void> {
  const { config, environment, volume, signal } = place;
  const mounts = [{ kind: 'volume' as const, source: volumeName(daemon, { project: config.project, environment }, volume), target: '/data' }];
  return withHelper(daemon, { config, environment, name: `files-${volume}`, mounts, signal }, (helper) => {
    const run: Run = async (script, stdin, stop) => {
      let said = '';
      let broken: Error | undefined;
      const cut = new AbortController();
      stdin?.once('error', (error) => {
        broken = error;
        cut.abort();
      });
      const signals = [cut.signal, ...(signal ? [signal] : []), ...(stop ? [stop] : [])];
      const { exitCode } = await execInContainer(helper.engine, {
        container: helper.id, command: ['sh', '-c', script], timeoutMs: unpackTimeoutMs, signal: AbortSignal.any(signals), ...(stdin ? { stdin } : {}),
        onOutput: (chunk) => void (said = (said + chunk.toString()).slice(-4096)),
      });
      if (broken) throw broken;
      if (stop?.aborted) throw stop.reason;
      if (signal?.aborted) throw new RedControlError('CANCELLED', 'The restore was cancelled');
      if (exitCode !== 0) throw new RedControlError(/no space left/i.test(said) ? 'DISK_FULL' : 'BACKUP_CORRUPT', `Expected the files of the volume ${volume} to be unpacked whole, tar ended with ${exitCode}: ${said.trim()}`, { hint: 'The files in use were not touched.' });
    };
    return work(run, helper);
  });
}
