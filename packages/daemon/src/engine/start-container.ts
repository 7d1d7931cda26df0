import { askEngine } from './engine-error.ts';
import { createContainer } from './create-container.ts';
import type { ContainerSpec } from './container-spec.ts';
import type { Engine } from './engine.ts';
import { removeContainer } from './remove-container.ts';

/**
 * Creates a container and starts it; `prepare` is done in between. One of the same name that is ours and does not run is replaced.
 * Throws CONFLICT when the name is in use by a running container or by something that is not ours,
 * IMAGE_UNAVAILABLE when the image is not there, COMMAND_FAILED when its command cannot be started (nothing is left then).
 */
export async function startContainer(engine: Engine, spec: ContainerSpec, prepare?: (id: string) => Promise<void>): Promise<{ id: string }> {
  const { id } = await createContainer(engine, spec);
  try {
    await prepare?.(id);
    await askEngine(engine, `start the container ${spec.name}`, () => engine.docker.getContainer(id).start());
  } catch (error) {
    await removeContainer(engine, id).catch(() => {});
    throw error;
  }
  return { id };
}
