import { redisEntrypoint } from '../entrypoints/redis-entrypoint.ts';
import type { DebianRecipe, DebianSuite } from '../recipe.ts';

const suites: Record<string, DebianSuite> = { '8': 'trixie', '7': 'bookworm', '6': 'bullseye' };

/** The official image's contract: arguments after `redis-server`, data in /data, user id 999. */
export const redisRecipes: DebianRecipe[] = Object.entries(suites).map(([version, suite]) => ({
  kind: 'redis',
  version,
  suite,
  users: [{ name: 'redis', id: 999, home: '/data' }],
  packages: ['redis-server', 'redis-tools'],
  // Open to all: a folder in memory mounted here takes this mode, but root as its owner.
  after: ['install -d -o redis -g redis -m 1777 /data'],
  files: [{ name: 'redis-entrypoint', text: redisEntrypoint, target: '/usr/local/bin/redcontrol-entrypoint', mode: '0755' }],
  user: '999:999',
  workingDir: '/data',
  entrypoint: ['redcontrol-entrypoint'],
  command: ['redis-server'],
  port: 6379,
  volume: '/data',
}));
