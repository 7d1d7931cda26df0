import { access } from 'node:fs/promises';
import { dockerResult } from '../test/server/docker.ts';
import { instances, places } from './places.ts';

/** Exit code 0 when the demo's server runs and its files are of this checkout. */
const hasFiles = await access(places.config).then(() => true, () => false);
process.exitCode = hasFiles && (await runs()) ? 0 : 1;

async function runs(): Promise<boolean> {
  const { stdout } = await dockerResult(['ps', '--quiet', '--filter', `label=redcontrol=${instances.server}`]).catch(() => ({ stdout: '' }));
  return stdout.trim() !== '';
}
