import type { DebianRecipe, DebianSuite } from '../recipe.ts';

const tools = ['build-essential', 'pkg-config', 'git', 'openssh-client', 'curl', 'xz-utils', 'unzip', 'procps'];

/** Every other image stands on the one of its suite: the small ones on the small, the full ones on the full. */
export const baseRecipes: DebianRecipe[] = [recipe('bookworm'), recipe('trixie'), recipe('bullseye')];

function recipe(suite: DebianSuite): DebianRecipe {
  return { kind: 'base', version: suite, suite, packages: ['ca-certificates', 'netbase', 'tzdata'], tools, command: ['sh'] };
}
