import { readFileSync } from 'node:fs';
import type { Engine } from './engine.ts';
import { inspectContainer, type ContainerState } from './inspect-container.ts';
import { listContainers, type ListedContainer } from './list-containers.ts';

/**
 * Looks at all containers of this instance again and again with few calls: one list each time, and an inspection only
 * of containers that changed since the look before.
 */
export interface ContainerWatch {
  /** Throws ENGINE_UNAVAILABLE. */
  look(): Promise<ContainerState[]>;
}

export function createContainerWatch(engine: Engine): ContainerWatch {
  let known = new Map<string, ContainerState>();
  return {
    async look() {
      const listed = await listContainers(engine);
      const looked = await Promise.all(listed.map((container) => {
        const before = known.get(container.id);
        return before && isSame(engine, container, before) ? before : inspectContainer(engine, container.id);
      }));
      const found = looked.flatMap((container) => container ?? []);
      known = new Map(found.map((container) => [container.id, container]));
      return found;
    },
  };
}

/**
 * Whether what was inspected is true still: the list does not say how often a container was started, but its first
 * process is another one after each start. Only the processes of this server's own engine can be looked at.
 */
function isSame(engine: Engine, listed: ListedContainer, before: ContainerState): boolean {
  if (listed.running !== before.running || listed.name !== before.name || JSON.stringify(listed.addresses) !== JSON.stringify(before.addresses)) return false;
  if (!listed.running) return !before.restarting && listed.ended;
  if (engine.name !== 'host') return false;
  try {
    return readFileSync(`/proc/${before.pid}/cgroup`, 'utf8').includes(listed.id);
  } catch {
    return false;
  }
}
