import { RedControlError, type Framework } from '@redcontrol/contract';
import type { AppRecipe, RepositoryView } from './recipe.ts';
import { presets } from './preset-list.ts';
import { readProcfile } from './procfile/read-procfile.ts';
import { boundedView } from './reading/bounded-view.ts';

/**
 * How to test, build and run the app, as one of this framework. What is not known is a note, not an error.
 * Throws FRAMEWORK_UNKNOWN for a name that no preset has.
 */
export async function describeApp(repository: RepositoryView, framework: Framework): Promise<AppRecipe> {
  const preset = presets.find((candidate) => candidate.framework === framework);
  if (!preset) {
    throw new RedControlError('FRAMEWORK_UNKNOWN', `Expected a framework of ${presets.map((known) => known.framework).join(', ')}, got ${framework}`);
  }
  const view = boundedView(repository);
  const recipe = await preset.describe(view);
  const procfile = await readProcfile(view, recipe);
  const hasOwn = framework !== 'dockerfile' && (await view.exists('Dockerfile'));
  const notes = [
    ...recipe.notes,
    ...(hasOwn ? ['The repository has its own Dockerfile, which is not used. Set framework: dockerfile to use it.'] : []),
    ...(procfile ? [...procfile.problems.map((problem) => `Procfile, ${problem}. Runs fail by it while redcontrol.yml has no "processes:".`), ...procfile.notes] : []),
  ];
  return { ...recipe, ...(procfile ? { procfile } : {}), notes };
}
