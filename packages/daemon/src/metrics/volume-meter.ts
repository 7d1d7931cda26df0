import type { DaemonContext } from '../context.ts';
import { allEngines } from '../environment/index.ts';
import { listVolumes, volumeSizes } from '../engine/index.ts';
import type { Sample } from './metric-store.ts';

/**
 * What the volumes of each environment hold, by their names in the configuration; data of a database with what is kept
 * of it from before. Engines that cannot tell are left out. Each engine counts all of its files for this.
 */
export async function measureVolumes(daemon: DaemonContext): Promise<Sample[]> {
  const sizes = new Map<string, Sample & { fill: { usedBytes: number; totalBytes: null } }>();
  for (const engine of new Set(allEngines(daemon))) {
    const volumes = (await listVolumes(engine, { role: 'volume' }).catch(() => [])).filter(({ labels }) => labels['redcontrol.environment'] !== undefined && labels['redcontrol.operation'] === undefined);
    if (volumes.length === 0) continue;
    const bytes = await volumeSizes(engine).catch(() => new Map<string, number>());
    for (const { name: volume, labels } of volumes) {
      const size = bytes.get(volume);
      if (size === undefined) continue;
      const [project, environment, name] = [labels['redcontrol.project'] ?? '', labels['redcontrol.environment'] ?? '', labels['redcontrol.name'] ?? volume];
      const key = `${project}/${environment}/${name}`;
      const usedBytes = size + (sizes.get(key)?.fill.usedBytes ?? 0);
      sizes.set(key, { project, environment, kind: 'volume', name, fill: { usedBytes, totalBytes: null } });
    }
  }
  return [...sizes.values()];
}
