import { baseRecipes } from './recipes/base.ts';
import { goRecipes } from './recipes/go.ts';
import { javaRecipes } from './recipes/java.ts';
import { mariadbRecipes } from './recipes/mariadb.ts';
import { nodeRecipes } from './recipes/node.ts';
import { phpRecipes } from './recipes/php.ts';
import { postgresRecipes } from './recipes/postgres.ts';
import { pythonRecipes } from './recipes/python.ts';
import { redisRecipes } from './recipes/redis.ts';
import { rubyRecipes } from './recipes/ruby.ts';
import { rustRecipes } from './recipes/rust.ts';
import { staticRecipes } from './recipes/static.ts';
import type { DebianRecipe } from './recipe.ts';

export const allRecipes: readonly DebianRecipe[] = [
  ...baseRecipes, ...nodeRecipes, ...pythonRecipes, ...goRecipes, ...rustRecipes, ...javaRecipes, ...staticRecipes,
  ...phpRecipes, ...rubyRecipes, ...postgresRecipes, ...mariadbRecipes, ...redisRecipes,
];
