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

/** Database versions that each source has; the hub may have more than are listed. */
export function databaseVersions(): DatabaseVersions[] {
  const engines = ['postgres', 'mariadb', 'mysql', 'redis'] as const;
  const fromHub = engines.map((engine) => ({ engine, versions: hubRecipes[engine].versions, from: 'hub' as const }));
  const fromDebian = engines.map((engine) => ({ engine, versions: recipeVersions(engine), from: 'debian' as const }));
  return [...fromHub, ...fromDebian].filter((each) => each.versions.length > 0);
}
