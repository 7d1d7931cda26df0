import type { DebianRecipe, DebianSuite } from '../recipe.ts';

const suites: Record<string, DebianSuite> = { '21': 'trixie', '25': 'trixie', '17': 'bookworm', '11': 'bullseye' };

export const javaRecipes: DebianRecipe[] = Object.entries(suites).map(([version, suite]) => ({
  kind: 'java',
  version,
  suite,
  // The package's script links manual pages into this folder, which is left out of the small Debian.
  before: ['mkdir -p /usr/share/man/man1'],
  packages: [`openjdk-${version}-jre-headless`],
  tools: [`openjdk-${version}-jdk-headless`, 'maven'],
  // Maven's package may bring another Java along; this one is the image's.
  after: [`ln -sfn /usr/lib/jvm/java-${version}-openjdk-* /usr/lib/jvm/app`],
  variables: { JAVA_HOME: '/usr/lib/jvm/app', PATH: '/usr/lib/jvm/app/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  command: ['java', '-version'],
}));
