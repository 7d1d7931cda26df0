import type { DatabaseEngine } from '@redcontrol/contract';
import { recipeVersions } from './debian/find-recipe.ts';
import { hubRecipes } from './hub/hub-recipe.ts';
import type { ImageSource } from './image-source.ts';

export interface DatabaseVersions {
  engine: Exclude<DatabaseEngine, 'sqlite'>;
  /** Newest first. */
  versions: string[];
  from: ImageSource;
}

const engines = ['postgres', 'mariadb', 'mysql', 'redis'] as const;

/** Database versions that a source has; the hub may have more than are listed. */
export function databaseVersions(source: ImageSource): DatabaseVersions[] {
  return engines
    .map((engine) => ({ engine, versions: source === 'hub' ? hubRecipes[engine].versions : recipeVersions(engine), from: source }))
    .filter((each) => each.versions.length > 0);
}
