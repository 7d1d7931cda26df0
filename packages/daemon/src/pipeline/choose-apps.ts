import type { ProjectConfig, RunApp } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { concernedApps, type Changes } from '../rules/index.ts';
import { changedFiles, isAncestor } from '../source/index.ts';
import { liveRelease, type StoredRelease, type StoredRun } from '../store/index.ts';

/** Which of several apps a run concerns; undefined where the repository holds one. The commit must be in the mirror. */
export async function chooseApps(daemon: DaemonContext, run: StoredRun, config: ProjectConfig): Promise<RunApp[] | undefined> {
  if (!config.apps) return undefined;
  const known = new Map<string, Promise<Changes>>();
  const since = (base: string) => {
    const found = known.get(base) ?? changesSince(daemon, run, base);
    known.set(base, found);
    return found;
  };
  const all = new Map<string, Changes[]>();
  for (const app of Object.keys(config.apps)) all.set(app, await Promise.all(run.environments.map((environment) => changesOf(daemon, run, { environment, app, since }))));
  return concernedApps(config.apps, (app) => all.get(app) ?? []);
}

async function changesOf(daemon: DaemonContext, run: StoredRun, of: { environment: string; app: string; since: (base: string) => Promise<Changes> }): Promise<Changes> {
  const { environment, app } = of;
  if (run.rollbackTo !== null) return { kind: 'unknown', reason: 'rollback', detail: '' };
  if (run.trigger === 'manual') return { kind: 'unknown', reason: 'by-hand', detail: '' };
  const live: StoredRelease | undefined = liveRelease(daemon.store, run.project, environment);
  if (!live) return { kind: 'unknown', reason: 'nothing-live', detail: environment };
  if (live.revision !== run.revision) return { kind: 'unknown', reason: 'configuration', detail: environment };
  const part = live.apps?.find(({ name }) => name === app);
  return part ? of.since(part.commit) : { kind: 'unknown', reason: 'new', detail: environment };
}

async function changesSince(daemon: DaemonContext, run: StoredRun, base: string): Promise<Changes> {
  const short = base.slice(0, 8);
  try {
    if (!(await isAncestor(daemon.git, run.project, base, run.commit))) return { kind: 'unknown', reason: 'history', detail: short };
    const { paths, complete } = await changedFiles(daemon.git, run.project, base, run.commit);
    return complete ? { kind: 'known', base, paths } : { kind: 'unknown', reason: 'too-many', detail: short };
  } catch {
    // A forced push may have taken the commit away.
    return { kind: 'unknown', reason: 'history', detail: short };
  }
}
