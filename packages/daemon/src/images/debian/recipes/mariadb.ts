import { mariadbEntrypoint } from '../entrypoints/mariadb-entrypoint.ts';
import type { DebianRecipe, DebianSuite } from '../recipe.ts';

const suites: Record<string, DebianSuite> = { '11.8': 'trixie', '10.11': 'bookworm', '10.5': 'bullseye' };

/** The official image's contract: MARIADB_USER, _PASSWORD, _DATABASE, _ROOT_PASSWORD, data in /var/lib/mysql, user id 999. */
export const mariadbRecipes: DebianRecipe[] = Object.entries(suites).map(([version, suite]) => ({
  kind: 'mariadb',
  version,
  suite,
  users: [{ name: 'mysql', id: 999, home: '/var/lib/mysql' }],
  packages: ['mariadb-server', 'mariadb-client'],
  after: [
    'rm -rf /var/lib/mysql',
    // Open to all: a folder in memory mounted here takes this mode, but root as its owner.
    'install -d -o mysql -g mysql -m 1777 /var/lib/mysql',
    'install -d -o mysql -g mysql /run/mysqld',
    // The distribution listens on loopback and logs to files; here the network is the container's own.
    'printf "[mariadbd]\\nbind-address = *\\nskip-name-resolve\\nskip-log-error\\n" > /etc/mysql/mariadb.conf.d/99-redcontrol.cnf',
  ],
  files: [{ name: 'mariadb-entrypoint', text: mariadbEntrypoint, target: '/usr/local/bin/redcontrol-entrypoint', mode: '0755' }],
  user: '999:999',
  entrypoint: ['redcontrol-entrypoint'],
  command: ['mariadbd'],
  port: 3306,
  volume: '/var/lib/mysql',
}));
