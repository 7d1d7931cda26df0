import { RedControlError } from '@redcontrol/contract';
import type { ImageKind, ImageNeed } from '@redcontrol/presets';
import { allRecipes } from './all-recipes.ts';
import { compareVersions, isVersion } from '../compare-versions.ts';
import type { DebianRecipe } from './recipe.ts';
import { goRecipe } from './recipes/go.ts';
import { nodeRecipe } from './recipes/node.ts';

/** Taken where a need names no version. */
const defaultVersions: Partial<Record<ImageKind, string>> = { base: 'bookworm', node: '22' };

/** Kinds whose newer versions also build what was written for an older one. */
const upwards: readonly ImageKind[] = ['go', 'rust'];

/**
 * The recipe for a need. Pure.
 * Throws IMAGE_UNAVAILABLE, with the versions that exist, when there is none.
 */
export function findRecipe(need: ImageNeed): DebianRecipe {
  const recipes = allRecipes.filter((recipe) => recipe.kind === need.kind);
  if (recipes.length === 0) throw unavailable(need, recipes);
  const version = (need.version ?? defaultVersions[need.kind])?.replace(/^v(?=\d)/, '');
  if (version === undefined) return newest(recipes);
  const exact = recipes.find((recipe) => recipe.version === version);
  if (exact) return exact;
  if (!isVersion(version)) throw unavailable(need, recipes);
  return versionOf(need.kind, version, recipes) ?? fail(need, recipes);
}

/** Versions of a kind that these recipes know, newest first. */
export function recipeVersions(kind: ImageKind): string[] {
  return allRecipes.filter((recipe) => recipe.kind === kind).map((recipe) => recipe.version).sort(compareVersions).reverse();
}

function versionOf(kind: ImageKind, version: string, recipes: DebianRecipe[]): DebianRecipe | undefined {
  // The registry knows every Node and Go there ever was, so these need no row of their own.
  if (kind === 'node') return nodeRecipe(version);
  const alike = recipes.filter((recipe) => version.startsWith(`${recipe.version}.`) || recipe.version.startsWith(`${version}.`));
  if (alike.length > 0) return newest(alike);
  if (upwards.includes(kind)) {
    const enough = recipes.filter((recipe) => compareVersions(recipe.version, version) >= 0).sort((a, b) => compareVersions(a.version, b.version));
    if (enough[0]) return enough[0];
  }
  if (kind === 'go') return goRecipe({ version, toolchain: version });
  return undefined;
}

function newest(recipes: DebianRecipe[]): DebianRecipe {
  return recipes.reduce((best, each) => (compareVersions(each.version, best.version) > 0 ? each : best));
}

function fail(need: ImageNeed, recipes: DebianRecipe[]): never {
  throw unavailable(need, recipes);
}

function unavailable(need: ImageNeed, recipes: DebianRecipe[]): RedControlError {
  const wanted = need.version === undefined ? need.kind : `${need.kind} ${need.version}`;
  if (need.kind === 'mysql') {
    return new RedControlError('IMAGE_UNAVAILABLE', `Expected an image for ${wanted}, got none: Debian has no MySQL packages`, {
      hint: `Use mariadb (${recipeVersions('mariadb').join(', ')}), or let the server reach Docker Hub or a mirror of it.`,
    });
  }
  const versions = recipes.map((recipe) => recipe.version).sort(compareVersions).reverse();
  return new RedControlError('IMAGE_UNAVAILABLE', `Expected an image for ${wanted}, got none from Debian's packages`, {
    hint: `There is ${need.kind} ${versions.join(', ')}. Other versions come from Docker Hub or a mirror of it.`,
  });
}
