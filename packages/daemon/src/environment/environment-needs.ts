import { createHash } from 'node:crypto';
import { parseSizeBytes, plainPath, type DatabaseEngine, type Isolation, type ProjectConfig } from '@redcontrol/contract';
import type { AppRecipe, RepositoryView } from '@redcontrol/presets';

/** Whether a run's branch may leave something behind for later runs: only those that deploy may. */
export type Scope = 'trusted' | 'checks';

export interface ServiceNeed {
  engine: Exclude<DatabaseEngine, 'sqlite'>;
  version: string | undefined;
}

/** Everything that decides what a run's environment looks like before its code is in it; two equal ones are interchangeable. */
export interface EnvironmentNeeds {
  project: string;
  /** Folder of the app in the repository: where its commands run; '' for the top. */
  root: string;
  scope: Scope;
  recipe: Pick<AppRecipe, 'toolchain' | 'caches' | 'dependencies'>;
  services: ServiceNeed[];
  images: ProjectConfig['images'];
  memoryBytes: number;
  cpus: number;
  pids: number;
  isolation: Isolation;
  diskBytes: number;
  /** Images that a build in the same place needs: only a virtual machine has to be given them, in every one, so that few are saved. */
  buildImages: AppRecipe['runtime'][];
}

/** What a run of this configuration needs, pure. */
export function environmentNeeds(input: { config: ProjectConfig; recipe: AppRecipe; environments: string[]; isolation?: Isolation }): EnvironmentNeeds {
  const { config, recipe, environments, isolation = 'container' } = input;
  return {
    project: config.project,
    root: plainPath(config.root ?? ''),
    scope: environments.length > 0 ? 'trusted' : 'checks',
    recipe: { toolchain: recipe.toolchain, caches: recipe.caches, dependencies: recipe.dependencies },
    services: serviceNeeds(config, environments),
    images: config.images,
    memoryBytes: parseSizeBytes(config.limits.memory),
    cpus: config.limits.cpus,
    pids: config.limits.pids,
    isolation,
    diskBytes: parseSizeBytes(config.limits.disk),
    buildImages: isolation === 'vm' ? [recipe.runtime] : [],
  };
}

/** Key under which a prepared environment is found again. */
export function environmentKey(needs: EnvironmentNeeds): string {
  return hash(JSON.stringify({ ...needs, recipe: { toolchain: needs.recipe.toolchain, caches: needs.recipe.caches } }));
}

/** Key of the installed dependencies: the command, the toolchain and the content of the files that name them. */
export async function dependenciesKey(recipe: EnvironmentNeeds['recipe'], repository: RepositoryView): Promise<string | undefined> {
  if (!recipe.dependencies) return undefined;
  const files = await Promise.all(recipe.dependencies.keyFiles.map(async (path) => [path, (await repository.readText(path)) ?? null]));
  return hash(JSON.stringify([recipe.toolchain, recipe.dependencies.run, files]));
}

/** The databases that the tests of a run see: those of the first environment it deploys to, else of the first that has any. */
function serviceNeeds(config: ProjectConfig, environments: string[]): ServiceNeed[] {
  const all = Object.values(config.environments);
  const target = environments.map((name) => config.environments[name]).find((environment) => environment?.database ?? environment?.redis);
  const chosen = target ?? all.find((environment) => environment.database ?? environment.redis);
  const needs: ServiceNeed[] = [];
  if (chosen?.database && chosen.database.engine !== 'sqlite') needs.push({ engine: chosen.database.engine, version: chosen.database.version });
  if (chosen?.redis) needs.push({ engine: 'redis', version: chosen.redis.version });
  for (const step of config.pipeline) {
    if (typeof step === 'string') continue;
    for (const { engine, version } of step.services ?? []) {
      if (engine !== 'sqlite' && !needs.some((need) => need.engine === engine)) needs.push({ engine, version });
    }
  }
  return needs;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
