import { asRedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import type { RunQueue } from '../pipeline/queue.ts';
import { beginPreviewEnd, getProject, listOpenRuns, listPreviews, listProjects, type StoredPreview } from '../store/index.ts';
import { planEnds } from './plan-previews.ts';
import { removePreviewEverywhere } from './remove-preview.ts';

/** Ends previews, in the background and one after the other. What could not be removed is tried again at the next look. */
export interface PreviewEndings {
  /** After a look at the repository: what has no branch, is too old or too many. */
  look(project: string, branches: readonly string[]): void;
  /** By hand. False when there is no such preview. */
  end(owner: { project: string; name: string }, reason: string): boolean;
  /** By age, also while the repository is out of reach, and what an earlier daemon left in the middle. */
  lookAtAll(): void;
  /** Resolves when none is being removed. */
  settled(): Promise<void>;
}

export function createPreviewEndings(daemon: DaemonContext, queue: Pick<RunQueue, 'stop'>): PreviewEndings {
  let work: Promise<void> = Promise.resolve();

  const removeEnding = () => {
    work = work.then(async () => {
      for (const preview of listPreviews(daemon.store).filter(({ state }) => state === 'ending')) {
        await removePreviewEverywhere(daemon, preview).catch((thrown: unknown) => daemon.log.error(`${preview.name} of ${preview.project} could not be removed, it is tried again`, asRedControlError(thrown)));
      }
    });
  };

  const begin = (preview: Pick<StoredPreview, 'project' | 'name'>, reason: string) => {
    const began = daemon.store.transition('preview.ending', () => beginPreviewEnd(daemon.store, preview, reason));
    if (!began) return false;
    daemon.log.info(`${preview.project}: ${preview.name} ends. ${reason}`);
    const environments = getProject(daemon.store, preview.project)?.config.environments ?? {};
    for (const run of listOpenRuns(daemon.store)) {
      if (run.project === preview.project && run.environments.includes(preview.name) && run.environments.every((name) => !environments[name])) queue.stop(run.id, 'cancelled');
    }
    return true;
  };

  const look = (project: string, branches: readonly string[] | undefined) => {
    const previews = listPreviews(daemon.store, project);
    const stored = previews.length > 0 ? getProject(daemon.store, project) : undefined;
    if (!stored) return;
    for (const { name, reason } of planEnds({ config: stored.applied, previews, branches, now: daemon.clock.now() })) begin({ project, name }, reason);
    removeEnding();
  };

  return {
    look: (project, branches) => {
      try {
        look(project, branches);
      } catch (error) {
        daemon.log.error(`previews of ${project} could not be looked at`, error);
      }
    },
    end(owner, reason) {
      const began = begin(owner, reason);
      removeEnding();
      return began;
    },
    lookAtAll() {
      for (const { name } of listProjects(daemon.store)) look(name, undefined);
    },
    settled: () => work,
  };
}
