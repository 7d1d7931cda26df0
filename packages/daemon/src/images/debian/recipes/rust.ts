import type { DebianRecipe } from '../recipe.ts';

export const rustRecipes: DebianRecipe[] = [
  { kind: 'rust', version: '1.85', suite: 'trixie', packages: ['rustc', 'cargo'], tools: ['rust-clippy', 'rustfmt', 'libssl-dev'], command: ['cargo', '--version'] },
  { kind: 'rust', version: '1.63', suite: 'bookworm', packages: ['rustc', 'cargo'], tools: ['rust-clippy', 'rustfmt', 'libssl-dev'], command: ['cargo', '--version'] },
];
