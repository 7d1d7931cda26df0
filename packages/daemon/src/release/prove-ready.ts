import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { inspectContainer } from '../engine/index.ts';
import { appState } from './app-state.ts';
import { listReleaseContainers } from './app-containers.ts';
import type { DeployOptions } from './deploy.ts';
import { waitReady } from './health.ts';
import { healthOf, type ReleaseProcess, type ReleaseSnapshot } from './release-snapshot.ts';
import { processLabel, type UnitRelease } from './release-units.ts';
import { assertEngineStayed, assertImage, withLastLines } from './watch-release.ts';

/** Every container of a process answers its health path and runs the image that was asked for. A process without a health path has nothing to prove here. Throws RELEASE_NOT_READY, RELEASE_CRASHED. */
export async function proveReady(daemon: DaemonContext, wish: { release: UnitRelease; snapshot: ReleaseSnapshot; process: ReleaseProcess }, options: Pick<DeployOptions, 'say' | 'signal'>): Promise<void> {
  const { release, snapshot, process } = wish;
  const health = healthOf(snapshot, process);
  if (!health) return;
  const containers = (await listReleaseContainers(daemon, release)).filter((container) => container.process === process.name);
  if (containers.length === 0 && process.instances === 0) return;
  if (containers.length !== process.instances) throw new RedControlError('RELEASE_CRASHED', `Expected ${process.instances} ${process.name} containers, got ${containers.length}`);
  await Promise.all(
    containers.map(async (container) => {
      assertImage(container, release);
      const before = (await inspectContainer(container.engine, container.id))?.startedAt;
      const isAlive = async () => {
        const now = await appState(container);
        assertEngineStayed(container, { before, now });
        return now?.running === true && now.restartCount === 0;
      };
      try {
        await waitReady({ address: container.address, ...health, signal: options.signal, isAlive });
      } catch (error) {
        options.signal.throwIfAborted();
        throw await withLastLines(daemon, container, error);
      }
    }),
  );
  const whose = release.app === undefined && process.name === 'web' ? '' : ` of ${processLabel(release, process.name)}`;
  options.say(`${containers.length} of ${process.instances}${whose} answer ${health.path} on port ${health.port}.`);
}
