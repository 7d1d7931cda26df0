import { RedControlError } from '@redcontrol/contract';
import { askEngine } from './engine-error.ts';
import { labelsOf, type Engine, type OwnerLabels } from './engine.ts';

/** Makes a named volume unless it is there. Throws CONFLICT when the name belongs to a volume that is not ours. */
export async function ensureVolume(engine: Engine, name: string, owner: OwnerLabels): Promise<void> {
  await askEngine(engine, `make the volume ${name}`, async () => {
    // The engine answers with the existing volume, its own labels and all, when there is one.
    await engine.docker.createVolume({ Name: name, Labels: labelsOf(engine, owner) });
    const volume = await engine.docker.getVolume(name).inspect();
    if (volume.Labels?.['redcontrol'] !== engine.instance) {
      throw new RedControlError('CONFLICT', `Expected the volume name ${name} to be free, got one that RedControl did not make`);
    }
  });
}
