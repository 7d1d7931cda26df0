import { RedControlError, withPreviews, type PreviewState } from '@redcontrol/contract';
import { addPushedPreviews, planPushed, previewStates } from '../../preview/index.ts';
import { resolveRef } from '../../projects/resolve-ref.ts';
import { listPreviews, setPreviewKept, type StoredProject } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Call } from '../serve-connection.ts';
import { knownProject } from './known-project.ts';
import { queueRun } from './run-methods.ts';

type PreviewMethods = 'preview.list' | 'preview.create' | 'preview.remove' | 'preview.keep';

export const previewMethods: Pick<Handlers, PreviewMethods> = {
  'preview.list': (call) => previewStates(call.daemon, knownProject(call)),

  async 'preview.create'(call) {
    const { daemon, params, caller } = call;
    const project = knownProject(call);
    const target = await resolveRef(daemon, project, params.branch);
    const places = target.refKind === 'branch' ? planPushed(project.applied, [target.ref], listPreviews(daemon.store, project.name)) : [];
    if (places.length === 0) throw new RedControlError('CONFLICT', `Expected a branch that has previews, got ${params.branch}`, { hint: `Patterns of previews: ${patternsOf(project)}. A branch that deploys to an environment by its rule has none.` });
    daemon.store.transaction(() => addPushedPreviews(daemon, withPreviews(project.config, places), places));
    daemon.events.flush();
    return queueRun(call, { ...target, project: project.name, trigger: 'manual', environments: places.map(({ name }) => name), revision: project.revision, startedBy: caller.name });
  },

  'preview.remove'(call) {
    const preview = knownPreview(call);
    call.parts.previews.end({ project: preview.project, name: preview.name }, `Removed by ${call.caller.name}.`);
    return knownPreview(call);
  },

  'preview.keep'(call) {
    const { daemon, params, caller } = call;
    const { project, name } = knownPreview(call);
    daemon.store.transaction(() => setPreviewKept(daemon.store, { project, name }, params.keep ? caller.name : null));
    return knownPreview(call);
  },
};

function patternsOf({ applied }: StoredProject): string {
  return Object.values(applied.environments).flatMap(({ preview }) => preview?.pattern ?? []).join(', ') || 'none, see `preview` in the configuration';
}

function knownPreview(call: Call<'preview.remove'> | Call<'preview.keep'>): PreviewState {
  const { environment } = call.params;
  const all = previewStates(call.daemon, knownProject(call));
  const found = all.find(({ name }) => name === environment);
  if (found) return found;
  throw new RedControlError('NOT_FOUND', `Expected a preview of ${call.params.project}, got ${environment}`, { hint: all.length > 0 ? `It has ${all.map(({ name }) => name).join(', ')}.` : 'It has none.' });
}
