import { RedControlError } from '@redcontrol/contract';
import { askEngine, engineStatus } from './engine-error.ts';
import { containerOptions } from './container-options.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { Engine } from './engine.ts';
import { inspectContainer } from './inspect-container.ts';
import { removeContainer } from './remove-container.ts';

/** Creates a container without starting it. One of the same name that is ours and does not run is replaced. Throws CONFLICT, IMAGE_UNAVAILABLE. */
export async function createContainer(engine: Engine, spec: ContainerSpec): Promise<{ id: string }> {
  const { id } = await askEngine(engine, `create the container ${spec.name}`, () => create(engine, spec));
  return { id };
}

async function create(engine: Engine, spec: ContainerSpec) {
  const options = containerOptions(engine, spec);
  try {
    return await engine.docker.createContainer(options);
  } catch (thrown) {
    if (engineStatus(thrown) !== 409) throw thrown;
    await clearName(engine, spec.name);
    return engine.docker.createContainer(options);
  }
}

async function clearName(engine: Engine, name: string): Promise<void> {
  const existing = await inspectContainer(engine, name);
  if (!existing) return;
  if (existing.labels['redcontrol'] !== engine.instance) {
    throw new RedControlError('CONFLICT', `Expected the container name ${name} to be free, got one that RedControl did not make`, {
      hint: `Rename or remove it: docker rm ${name}`,
    });
  }
  if (existing.running) throw new RedControlError('CONFLICT', `Expected the container name ${name} to be free, got one that runs`);
  await removeContainer(engine, existing.id);
}
