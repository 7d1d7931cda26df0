import { RedControlError } from '@redcontrol/contract';
import { askEngine, engineStatus } from './engine-error.ts';
import { labelsOf, type Engine, type OwnerLabels } from './engine.ts';

/**
 * Makes a bridge network unless it is there. `internal`: without a way out.
 * Throws CONFLICT when the name belongs to a network that is not ours.
 */
export async function ensureNetwork(engine: Engine, name: string, owner: OwnerLabels, options: { internal?: boolean } = {}): Promise<void> {
  await askEngine(engine, `make the network ${name}`, async () => {
    if (await isOurs(engine, name)) return;
    try {
      await engine.docker.createNetwork({
        Name: name,
        Driver: 'bridge',
        CheckDuplicate: true,
        Internal: options.internal ?? false,
        Labels: labelsOf(engine, owner),
      });
    } catch (thrown) {
      if (engineStatus(thrown) !== 409 || !(await isOurs(engine, name))) throw thrown;
    }
  });
}

async function isOurs(engine: Engine, name: string): Promise<boolean> {
  try {
    const found = await engine.docker.getNetwork(name).inspect();
    // The engine also finds networks by the beginning of their id.
    if (found.Name !== name) return false;
    if (found.Labels?.['redcontrol'] === engine.instance) return true;
    throw new RedControlError('CONFLICT', `Expected the network name ${name} to be free, got one that RedControl did not make`);
  } catch (thrown) {
    if (engineStatus(thrown) === 404) return false;
    throw thrown;
  }
}
