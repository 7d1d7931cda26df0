import { RedControlError } from '@redcontrol/contract';
import { callApi } from './call-api.ts';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

interface DiskUsage {
  Volumes?: { Name: string; UsageData?: { Size: number } }[] | null;
}

/** Bytes that a volume's files take. The engine counts all of its volumes for this, which takes seconds for large ones. */
export async function volumeSizeBytes(engine: Engine, name: string): Promise<number> {
  const usage = await askEngine(engine, `measure the volume ${name}`, () =>
    callApi<DiskUsage>(engine, { method: 'GET', path: '/system/df', query: { type: 'volume' } }),
  );
  const volume = usage.Volumes?.find((each) => each.Name === name);
  if (!volume) throw new RedControlError('NOT_FOUND', `Expected a volume ${name}, got none of this name`);
  return Math.max(0, volume.UsageData?.Size ?? 0);
}
