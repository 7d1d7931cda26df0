import type { DebianRecipe } from '../recipe.ts';

/** npm's major version that each Node comes with when it is installed the usual way. */
const npmOfNode: Record<string, string> = { '18': '10', '20': '10', '22': '10', '24': '11', '26': '11' };

export const nodeRecipes: DebianRecipe[] = Object.keys(npmOfNode).map(nodeRecipe);

/** Also for a Node version that is not in the list, for example an exact one. */
export function nodeRecipe(version: string): DebianRecipe {
  const major = version.split('.')[0]!;
  return {
    kind: 'node',
    version,
    suite: 'bookworm',
    packages: ['libatomic1'],
    // What node-gyp needs for packages that are compiled at installation.
    tools: ['python3'],
    node: { version, npm: npmOfNode[major] ?? (Number(major) < 18 ? '8' : '11') },
    command: ['node'],
  };
}
