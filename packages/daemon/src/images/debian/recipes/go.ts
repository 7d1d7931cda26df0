import type { DebianRecipe } from '../recipe.ts';

/** go.mod may name a newer toolchain than the image has: `auto` lets Go fetch it through its module proxy. */
const variables = { GOTOOLCHAIN: 'auto', GOPATH: '/go', PATH: '/usr/local/go/bin:/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

export const goRecipes: DebianRecipe[] = [goRecipe({ version: '1.24' })];

/** With `toolchain`: that exact Go in place of Debian's. */
export function goRecipe(go: { version: string; toolchain?: string }): DebianRecipe {
  return {
    kind: 'go',
    version: go.version,
    suite: 'trixie',
    packages: ['golang-go'],
    tools: ['golang-go'],
    ...(go.toolchain === undefined ? {} : { goToolchain: go.toolchain }),
    after: ['install -d -o 10001 -g 10001 /go /go/bin /go/pkg'],
    variables,
    command: ['go', 'version'],
  };
}
