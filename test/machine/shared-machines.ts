import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where all tests of virtual machines keep the system's image and the saved states: making them takes minutes, so they
 * outlive a test. They are named by what they are made of, so a change of the recipe makes new ones.
 */
export async function sharedMachines(): Promise<string> {
  const directory = join('/var/tmp', 'redcontrol-test-machines');
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o711);
  return directory;
}

/** Small, for the machines of tests run in software on few processors. */
export const testLimits = { memory: '512M', cpus: 2, disk: '2G' } as const;
