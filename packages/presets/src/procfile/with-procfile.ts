import { appProcess, RedControlError, type ProjectConfig } from '@redcontrol/contract';
import type { AppRecipe } from '../recipe.ts';

/** Throws CONFIG_INVALID where an environment wants instances of a process that neither the configuration nor a Procfile has. */
export function assertInstances(config: ProjectConfig): void {
  const known = ['web', ...Object.keys(config.processes)];
  for (const [environment, { instances = {} }] of Object.entries(config.environments)) {
    const unknown = Object.keys(instances).find((name) => !known.includes(name));
    if (unknown !== undefined) throw new RedControlError('CONFIG_INVALID', `Expected one of the processes ${[...new Set(known)].join(', ')} at environments.${environment}.instances, got ${unknown}`, { hint: 'Name it under "processes:" or in the Procfile.' });
  }
}

/**
 * The configuration and the recipe of a run with the repository's Procfile, pure: it counts as a whole where the
 * configuration names no process, and else not at all. Throws CONFIG_INVALID with every line that is not understood:
 * a process less than the Procfile has would be missed by nobody until it is needed.
 */
export function withProcfile(config: ProjectConfig, recipe: AppRecipe): { config: ProjectConfig; recipe: AppRecipe } {
  const { procfile } = recipe;
  if (!procfile || Object.keys(config.processes).length > 0) return { config, recipe };
  const [first, ...more] = procfile.problems;
  if (first !== undefined) {
    throw new RedControlError('CONFIG_INVALID', `In the repository's Procfile, ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}`, {
      hint: 'Mend the Procfile, or write "processes:" in redcontrol.yml: then it is not read.',
      problems: procfile.problems.map((message) => ({ message: `Procfile, ${message}` })),
    });
  }
  const processes = Object.fromEntries(Object.entries(procfile.processes).map(([name, run]) => [name, appProcess.parse({ run })]));
  const migrate = recipe.release.migrate ?? procfile.migrate;
  return { config: { ...config, processes }, recipe: { ...recipe, release: { ...recipe.release, migrate } } };
}
