import { parseDurationMs, parseSizeBytes } from '@redcontrol/contract';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DaemonContext } from '../context.ts';
import { allEngines } from '../environment/index.ts';
import { listImages, pruneBuildCache, removeImage } from '../engine/index.ts';
import { collectLogs } from '../logs/index.ts';
import { readDiskRoom, readTreeSize } from '../pipeline/limits/index.ts';
import { listOpenRuns, listProjects, listReleases, liveRelease, markUnavailable, runIds, type StoredProject, type StoredRelease } from '../store/index.ts';

const maxLogBytes = 5 * 1024 ** 3;
const buildCacheShare = 0.25;

/**
 * Removes what is over by the project's `keep`: images of releases beyond the kept number and of runs that released
 * nothing, old logs, build cache beyond its size. Never what is live, in work, or kept for a rollback.
 */
export async function collectGarbage(daemon: DaemonContext): Promise<void> {
  let cacheBytes = 0;
  const openRuns = new Set(listOpenRuns(daemon.store).map((run) => run.id));
  for (const project of listProjects(daemon.store)) {
    const kept = new Set<string>();
    for (const environment of Object.keys(project.config.environments)) {
      const live = liveRelease(daemon.store, project.name, environment);
      const releases = listReleases(daemon.store, { project: project.name, environment, limit: 1000 });
      const keep = releases.filter((release) => release.state === 'retired' && release.available).slice(0, project.config.keep.releases);
      const open = releases.filter((release) => ['migrating', 'starting', 'switching', 'watching'].includes(release.state));
      for (const image of [...keep, ...open, ...(live ? [live] : [])].flatMap(imagesOf)) kept.add(image);
      for (const release of releases) {
        if (release.available && !imagesOf(release).every((image) => kept.has(image))) daemon.store.transaction(() => markUnavailable(daemon.store, release.id));
      }
    }
    for (const engine of allEngines(daemon)) {
      // A machine that does not answer now is asked the next time.
      const images = await listImages(engine, { role: 'image', project: project.name }).catch((error: unknown) => {
        if (engine === daemon.engine) throw error;
        return [];
      });
      for (const image of images) {
        if (!kept.has(image.id) && !openRuns.has(Number(image.labels['redcontrol.run']))) await removeImage(engine, image.id);
      }
    }
    await emptyLargeCache(daemon, project, openRuns.size === 0);
    cacheBytes += parseSizeBytes(project.config.keep.cache);
  }
  if (cacheBytes > 0) await pruneBuildCache(daemon.engine, Math.min(cacheBytes, await largestBuildCacheBytes(daemon)));
  await collectLogs(join(daemon.options.dataDirectory, 'logs'), {
    groups: listProjects(daemon.store).map(({ name, config: { keep } }) => ({ runs: new Set(runIds(daemon.store, name)), maxAgeMs: parseDurationMs(keep.logs), maxRuns: keep.runs })),
    maxBytes: maxLogBytes,
    clock: daemon.clock,
    keep: (run) => openRuns.has(run),
  });
}

/** All that it takes to go back to a release. */
function imagesOf({ imageId, apps }: StoredRelease): string[] {
  return apps?.map((app) => app.imageId) ?? [imageId];
}

/** BuildKit has one cache for all projects: as much as they may have together, and no more than this share of the disk. */
async function largestBuildCacheBytes(daemon: DaemonContext): Promise<number> {
  return Math.floor((await readDiskRoom(daemon.options.dataDirectory)).totalBytes * buildCacheShare);
}

const cacheWalkMs = 60_000;

/** Download caches that grew beyond `keep.cache` begin anew, when no run could be using them. */
async function emptyLargeCache(daemon: DaemonContext, project: StoredProject, isQuiet: boolean): Promise<void> {
  if (!isQuiet) return;
  const directory = join(daemon.options.dataDirectory, 'cache', project.name);
  const bytes = await readTreeSize(directory, { timeoutMs: cacheWalkMs }).catch(() => 0);
  if (bytes > parseSizeBytes(project.config.keep.cache)) await rm(directory, { recursive: true, force: true });
}
