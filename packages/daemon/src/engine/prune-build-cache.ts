import { callApi } from './call-api.ts';
import { askEngine } from './engine-error.ts';
import type { Engine } from './engine.ts';

/** Removes what was unused the longest from the build cache until at most `keepBytes` are left; returns the bytes freed. */
export async function pruneBuildCache(engine: Engine, keepBytes: number): Promise<number> {
  const answer = await askEngine(engine, 'prune the build cache', () =>
    callApi<{ SpaceReclaimed?: number }>(engine, {
      method: 'POST',
      path: '/build/prune',
      // Engines from 28 on call the same limit reserved-space.
      query: { all: 'true', 'keep-storage': String(keepBytes), 'reserved-space': String(keepBytes) },
    }),
  );
  return answer.SpaceReclaimed ?? 0;
}
