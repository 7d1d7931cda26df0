import { rm } from 'node:fs/promises';
import { dockerResult } from '../test/server/docker.ts';
import { instances, places } from './places.ts';
import { tell } from './tell.ts';

/** Removes the demo's machines, images and folder. The engine itself stays. */
export async function takeDown(): Promise<void> {
  await removeMachines();
  const images = await listed('images', '--quiet', '--filter', 'reference=redcontrol-test-*');
  // Without --force: an image that something else runs on stays.
  for (const image of new Set(images)) await dockerResult(['image', 'rm', '--', image]);
  tell('The demo\'s machines, images and files are gone. The Docker engine and the installed packages stay.');
}

/** Removes the machines with their volumes, and the folder; the images stay, which saves a minute next time. */
export async function removeMachines(): Promise<void> {
  for (const instance of Object.values(instances)) {
    const ids = await listed('ps', '--all', '--quiet', '--filter', `label=redcontrol=${instance}`);
    if (ids.length > 0) await dockerResult(['rm', '--force', '--volumes', '--', ...ids]);
    const volumes = (await listed('volume', 'ls', '--quiet')).filter((name) => name.startsWith(`${instance}-`));
    if (volumes.length > 0) await dockerResult(['volume', 'rm', '--force', '--', ...volumes]);
  }
  await rm(places.folder, { recursive: true, force: true });
}

async function listed(...args: string[]): Promise<string[]> {
  const { stdout } = await dockerResult(args);
  return stdout.split('\n').filter((line) => line !== '');
}
