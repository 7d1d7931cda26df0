import { parseDurationMs, withPreviews, type PreviewState } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { environmentUrl } from '../projects/environment-url.ts';
import { listPreviews, liveRelease, type StoredPreview, type StoredProject } from '../store/index.ts';

/** The previews of a project as people see them, the one pushed to last first. */
export function previewStates(daemon: Pick<DaemonContext, 'options' | 'store' | 'certificates'>, project: StoredProject): PreviewState[] {
  const previews = listPreviews(daemon.store, project.name);
  const place = { name: project.name, config: withPreviews(project.applied, previews) };
  return previews.map((preview) => {
    const { name, base, branch, state, keptBy, createdAt, pushedAt } = preview;
    const live = liveRelease(daemon.store, project.name, name);
    return {
      project: project.name, name, base, branch, url: environmentUrl(daemon, place, name), state, keptBy, createdAt, pushedAt,
      endsAt: previewEndsAt(project, preview), live: live ? { release: live.number, commit: live.commit } : null,
    };
  });
}

/** When it ends if nothing is pushed; null while it is kept. */
export function previewEndsAt({ applied }: Pick<StoredProject, 'applied'>, { base, keptBy, pushedAt }: StoredPreview): number | null {
  const age = applied.environments[base]?.preview?.age;
  return keptBy !== null || age === undefined ? null : pushedAt + parseDurationMs(age);
}
