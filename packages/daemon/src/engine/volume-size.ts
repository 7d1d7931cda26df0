import { RedControlError } from '@redcontrol/contract';
import { callApi } from './call-api.ts';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

interface DiskUsage {
  Volumes?: { Name: string; UsageData?: { Size: number } }[] | null;
}

/** Bytes that the files of each volume take, by name. The engine counts all of its volumes for this, which takes seconds for large ones. */
export async function volumeSizes(engine: Engine): Promise<Map<string, number>> {
  const usage = await askEngine(engine, 'measure the volumes', () =>
    callApi<DiskUsage>(engine, { method: 'GET', path: '/system/df', query: { type: 'volume' } }),
  );
  return new Map((usage.Volumes ?? []).map(({ Name, UsageData }) => [Name, Math.max(0, UsageData?.Size ?? 0)]));
}

/** Bytes that one volume's files take, as dear as the sizes of all. Throws NOT_FOUND. */
export async function volumeSizeBytes(engine: Engine, name: string): Promise<number> {
  const size = (await volumeSizes(engine)).get(name);
  if (size === undefined) throw new RedControlError('NOT_FOUND', `Expected a volume ${name}, got none of this name`);
  return size;
}
