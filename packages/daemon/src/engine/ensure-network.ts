import { RedControlError } from '@redcontrol/contract';
import { askEngine, engineStatus } from './engine-error.ts';
import { labelsOf, type Engine, type OwnerLabels } from './engine.ts';
import { freeSubnets } from './free-subnets.ts';
import { usedSubnets } from './used-subnets.ts';

/** Another network may come to lie in the same place at the same moment: so many places are tried. */
const maxTries = 8;

/**
 * Makes a bridge network unless it is there, with addresses of its own range, or of the engine's where the engine says
 * so, or where the own range is all in use or routed elsewhere. `internal`: without a way out.
 * Throws CONFLICT when the name belongs to a network that is not ours.
 */
export async function ensureNetwork(engine: Engine, name: string, owner: OwnerLabels, options: { internal?: boolean } = {}): Promise<void> {
  await askEngine(engine, `make the network ${name}`, async () => {
    if (await isOurs(engine, name)) return;
    const free = engine.addresses === 'of-engine' ? undefined : freeSubnets(name, await usedSubnets(engine));
    for (let tries = 1; ; tries += 1) {
      const subnet = tries < maxTries ? free?.next().value : undefined;
      try {
        await engine.docker.createNetwork({
          Name: name,
          Driver: 'bridge',
          CheckDuplicate: true,
          Internal: options.internal ?? false,
          Labels: labelsOf(engine, owner),
          ...(subnet === undefined ? {} : { IPAM: { Config: [{ Subnet: subnet }] } }),
        });
        return;
      } catch (thrown) {
        if (engineStatus(thrown) === 409 && (await isOurs(engine, name))) return;
        if (subnet === undefined || !isOverlap(thrown)) throw thrown;
      }
    }
  });
}

/** What the engine says when the addresses are in use: by one of its networks, or by a bridge it met on the machine. */
function isOverlap(thrown: unknown): boolean {
  return /overlap|conflicts with network/i.test(thrown instanceof Error ? thrown.message : '');
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
