import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { StoredRelease } from '../store/index.ts';
import { isOfApps, type KeptSnapshot, type ReleaseSnapshot } from './release-snapshot.ts';
import { openSnapshot } from './sealed-snapshot.ts';

/**
 * What of a release its containers know: all of it where the repository holds one app, one of its apps where it holds
 * several. Of an app that runs on from an older release, `id` and `number` are those of that one.
 */
export type UnitRelease = Pick<StoredRelease, 'id' | 'project' | 'environment' | 'number' | 'commit' | 'imageId'> & { app?: string };

/** One image with its processes and its place in the proxy. A release has one, or one for each app. */
export interface ReleaseUnit {
  release: UnitRelease;
  snapshot: ReleaseSnapshot;
  /** The release did not start it: it runs on from an older one. */
  isCarried: boolean;
}

/** The units of a release in the configuration's order. */
export function openUnits(daemon: DaemonContext, release: StoredRelease): ReleaseUnit[] {
  const snapshot = openSnapshot(daemon, release);
  if (!isOfApps(snapshot)) return [{ release, snapshot, isCarried: false }];
  return Object.entries(snapshot.apps).map(([app, part]) => ({
    release: { project: release.project, environment: release.environment, id: release.id, number: release.number, commit: part.built ?? release.commit, ...part.origin, imageId: part.imageId, app },
    snapshot: part, isCarried: part.origin !== undefined,
  }));
}

/** Of several apps the first that migrates the database, whose image knows its tables; else the first. */
export function migratingUnit(units: readonly ReleaseUnit[]): ReleaseUnit {
  const unit = units.find(({ snapshot }) => snapshot.migrate !== undefined) ?? units[0];
  if (!unit) throw new RedControlError('INTERNAL', 'Expected a release with an app, it has none');
  return unit;
}

/** What is kept of a release, with other snapshots of its units. */
export function withUnits(kept: KeptSnapshot, units: readonly ReleaseUnit[]): KeptSnapshot {
  if (!isOfApps(kept)) return units[0]?.snapshot ?? kept;
  const changed = units.flatMap(({ release: { app }, snapshot }) => (app === undefined || !kept.apps[app] ? [] : [[app, { ...kept.apps[app], ...snapshot }] as const]));
  return { apps: { ...kept.apps, ...Object.fromEntries(changed) } };
}

/** Those of `units` that none of `others` is: what a release leaves behind of another. */
export function unitsBeyond(units: readonly ReleaseUnit[], others: readonly ReleaseUnit[]): ReleaseUnit[] {
  const known = new Set(others.map(({ release }) => unitKey(release)));
  return units.filter(({ release }) => !known.has(unitKey(release)));
}

/** One for each group of containers that was started as one. */
export function unitKey({ id, app }: Pick<UnitRelease, 'id' | 'app'>): string {
  return `${id}/${app ?? ''}`;
}

/** How people name a process of a release: `web`, and `api.web` where there are several apps. */
export function processLabel({ app }: Pick<UnitRelease, 'app'>, process: string): string {
  return app === undefined ? process : `${app}.${process}`;
}
