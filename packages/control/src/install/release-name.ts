import { createHash } from 'node:crypto';
import type { WantedInstall } from './operation.ts';
import { helloScript } from './scripts/hello-script.ts';
import { daemonUnit } from './units/daemon-unit.ts';

/** The files of a release besides the bundle and its link to Node. */
export function releaseFiles(version: string): { unit: string; hello: string } {
  return { unit: daemonUnit, hello: helloScript(version) };
}

/**
 * Name of a release's directory: the version and 8 digits of a hash over all that is in it (bundle, Node, unit),
 * so that a directory never changes and going back to one brings all of it back.
 */
export function releaseName(wanted: WantedInstall): string {
  const { unit, hello } = releaseFiles(wanted.daemon.version);
  const hash = createHash('sha256').update(JSON.stringify([wanted.daemon.sha256, wanted.nodeVersion, unit, hello]));
  return `${wanted.daemon.version}-${hash.digest('hex').slice(0, 8)}`;
}
