import { containerPath } from '@redcontrol/contract';
import { isMapping, textOf } from '../source-file.ts';
import { leave, takenName, type Take } from '../take.ts';

/** A volume with a name is taken over, empty; folders of the host are not. */
export function takeVolumes(take: Take, { name, volume, line }: { name: string; volume: unknown; line: number }): void {
  const parts = (textOf(volume) ?? '').split(':');
  const source = isMapping(volume) ? textOf(volume.source) : parts.length > 1 ? parts[0] : undefined;
  const target = isMapping(volume) ? textOf(volume.target) : parts.length > 1 ? parts[1] : parts[0];
  const shown = `${name}.volumes ${source === undefined ? '' : `${source}:`}${target ?? ''}`;
  if (source === undefined || target === undefined) return leave(take, line, shown, 'a volume without a name does not last: name it under "volumes" if its data matter');
  if (/^[./~$]|^[A-Za-z]$/.test(source) || (isMapping(volume) && volume.type !== 'volume')) return leave(take, line, shown, 'a folder of the host: code is in the image, data belong on one of the "volumes"');
  takeVolume(take, { source, target, shown, line });
}

/** A named volume, the same for all processes. */
export function takeVolume(take: Take, { source, target, shown, line }: { source: string; target: string; shown: string; line: number }): void {
  if (!containerPath.safeParse(target).success) return leave(take, line, shown, 'expected an absolute path in the container');
  const volumeName = takenName(take, source, line);
  if (volumeName === undefined) return;
  const known = take.volumes.get(volumeName);
  if (known !== undefined && known !== target) return leave(take, line, shown, `a volume has one place for all processes, here ${known}`);
  if (known !== undefined) return;
  if ([...take.volumes.values()].includes(target)) return leave(take, line, shown, 'another volume is at that path');
  take.volumes.set(volumeName, target);
  leave(take, line, `the data of the volume ${source}`, 'they are not copied: bring them over before the switch');
}
