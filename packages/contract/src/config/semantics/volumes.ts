import { plainPath } from '../../rules/plain-path.ts';
import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';

/** Places in the container that a volume would hide, so that nothing could start. */
const systemPaths = ['/', '/bin', '/dev', '/etc', '/lib', '/proc', '/sbin', '/sys', '/usr'];

/** Volumes on one path, one inside another, or over the system. */
export function volumeProblems(config: ProjectConfig): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const volumes = Object.entries(config.volumes).map(([name, path]) => ({ name, path: `/${plainPath(path)}` }));
  for (const [index, volume] of volumes.entries()) {
    const at = { path: ['volumes', volume.name], about: 'value' as const };
    if (systemPaths.includes(volume.path)) problems.push({ ...at, expected: 'a folder of the app such as /app/media', got: `${showValue(volume.path)}, which belongs to the system` });
    const other = volumes.find((one, position) => position !== index && (one.path === volume.path ? position < index : isInside(volume.path, one.path)));
    if (other) problems.push({ ...at, expected: 'a path outside the other volumes', got: `${showValue(volume.path)}, which is ${other.path === volume.path ? 'that' : 'inside that'} of ${other.name}` });
  }
  return problems;
}

function isInside(path: string, folder: string): boolean {
  return path !== folder && path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
