import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { containerLogs, type ContainerState } from '../engine/index.ts';
import { appState } from './app-state.ts';
import { listReleaseContainers, serverName, type AppContainer } from './app-containers.ts';
import type { ReleaseSnapshot } from './release-snapshot.ts';
import { processLabel, type UnitRelease } from './release-units.ts';

const lookEveryMs = 500;

/** For the watch window the release must stay up: every container running, none restarted, on the right image, in the proxy. */
export async function watchRelease(daemon: DaemonContext, release: UnitRelease, snapshot: ReleaseSnapshot, options: { watchMs: number; signal?: AbortSignal }): Promise<void> {
  const until = daemon.clock.now() + options.watchMs;
  const expected = snapshot.processes.reduce((sum, process) => sum + process.instances, 0);
  const started = new Map<string, string | undefined>();
  for (;;) {
    const containers = await listReleaseContainers(daemon, release);
    for (const container of containers) {
      assertImage(container, release);
      const now = await appState(container);
      if (!started.has(container.id)) started.set(container.id, now?.startedAt);
      assertEngineStayed(container, { before: started.get(container.id), now });
      if (now?.running && now.restartCount === 0) continue;
      throw await withLastLines(daemon, container, new RedControlError('RELEASE_CRASHED', `Expected ${serverName(container)} to stay up after the switch, it ended with exit code ${now?.exitCode ?? 'unknown'}`));
    }
    if (containers.length < expected) throw new RedControlError('RELEASE_CRASHED', `Expected ${expected} containers after the switch, got ${containers.length}`);
    if (daemon.clock.now() >= until) return;
    await daemon.clock.sleep(Math.min(lookEveryMs, options.watchMs), options.signal);
  }
}

/** Throws RELEASE_WRONG_IMAGE when a container runs something else than was asked for. */
export function assertImage(container: AppContainer, release: Pick<UnitRelease, 'imageId'>): void {
  if (container.imageId === release.imageId) return;
  throw new RedControlError('RELEASE_WRONG_IMAGE', `Expected ${container.name} to run ${release.imageId}, it runs ${container.imageId}`);
}

/** Throws ENGINE_UNAVAILABLE when a container was started anew though it had not ended by itself: the engine was restarted, and what it says of the version counts no more. */
export function assertEngineStayed(container: AppContainer, seen: { before: string | undefined; now: ContainerState | undefined }): void {
  if (!seen.now || seen.now.restartCount > 0 || seen.before === undefined || seen.now.startedAt === seen.before) return;
  throw new RedControlError('ENGINE_UNAVAILABLE', `Expected the engine to stay up while ${serverName(container)} was looked at, it was restarted`);
}

const shownLogLines = 25;

/** The error with the last log lines of the container that it is about. */
export async function withLastLines(daemon: DaemonContext, container: AppContainer, thrown: unknown): Promise<RedControlError> {
  const error = thrown instanceof RedControlError ? thrown : new RedControlError('RELEASE_NOT_READY', String(thrown));
  const lines = await containerLogs(container.engine, container.id, { lines: shownLogLines }).catch(() => '');
  const said = lines.trim().slice(-3000);
  const message = container.app === undefined ? error.message : `${container.app}: ${error.message}`;
  return new RedControlError(error.code, said ? `${message}\nLast lines of ${processLabel(container, container.process)}:\n${said}` : message, { hint: error.hint ?? 'The version that was live serves on.', cause: error });
}
