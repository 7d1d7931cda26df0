import { setTimeout as delay } from 'node:timers/promises';
import { inspectContainer, type ContainerState } from '../engine/index.ts';
import type { AppContainer } from './app-containers.ts';

/** As long as an engine may take to stop its containers before it goes itself. */
const looks = 80;
const lookEveryMs = 250;

/**
 * How a container of a release stands. One that ended by itself is started again by the engine at once, so one that
 * stays stopped was stopped by somebody: mostly by an engine that is about to go, which is waited for.
 * Throws ENGINE_UNAVAILABLE when it goes.
 */
export async function appState(container: AppContainer): Promise<ContainerState | undefined> {
  for (let look = 1; ; look += 1) {
    const state = await inspectContainer(container.engine, container.id);
    const isStopped = state !== undefined && !state.running && !state.restarting && state.restartCount === 0;
    if (!isStopped || look >= looks) return state;
    await delay(lookEveryMs);
  }
}
