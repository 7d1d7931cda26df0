import type { PreviewPlace, ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { ensureEnvironment, getPreview, touchPreview } from '../store/index.ts';

/** Notes the previews of pushed branches in the caller's transaction, new ones with their port; `config` has them as environments. */
export function addPushedPreviews(daemon: DaemonContext, config: ProjectConfig, places: readonly PreviewPlace[]): void {
  const at = daemon.clock.now();
  const { project } = config;
  for (const place of places) {
    const isNew = !getPreview(daemon.store, project, place.name);
    touchPreview(daemon.store, { ...place, project, at });
    ensureEnvironment(daemon.store, { project, name: place.name, needsPort: config.environments[place.name]?.domain === undefined });
    if (isNew) daemon.events.add({ at, kind: 'preview.made', project, environment: place.name, runId: null, text: `${place.name} is the preview of ${place.branch}`, data: { base: place.base, branch: place.branch } });
  }
}
