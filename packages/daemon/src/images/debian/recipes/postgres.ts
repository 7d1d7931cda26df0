import { postgresEntrypoint } from '../entrypoints/postgres-entrypoint.ts';
import type { DebianRecipe, DebianSuite } from '../recipe.ts';

const suites: Record<string, DebianSuite> = { '17': 'trixie', '15': 'bookworm', '13': 'bullseye' };

/** The official image's contract: POSTGRES_USER, _PASSWORD, _DB, data in PGDATA, user id 999. */
export const postgresRecipes: DebianRecipe[] = Object.entries(suites).map(([version, suite]) => ({
  kind: 'postgres',
  version,
  suite,
  users: [{ name: 'postgres', id: 999, home: '/var/lib/postgresql' }],
  before: ['install -d /etc/postgresql-common && echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf'],
  packages: [`postgresql-${version}`],
  after: [
    'rm -f /etc/ssl/private/ssl-cert-snakeoil.key',
    // Open to all, as in the official image: a folder in memory mounted here takes this mode, but root as its owner.
    'install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data',
    'install -d -o postgres -g postgres -m 2777 /var/run/postgresql',
  ],
  files: [{ name: 'postgres-entrypoint', text: postgresEntrypoint, target: '/usr/local/bin/redcontrol-entrypoint', mode: '0755' }],
  variables: { PGDATA: '/var/lib/postgresql/data', PATH: `/usr/lib/postgresql/${version}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin` },
  user: '999:999',
  entrypoint: ['redcontrol-entrypoint'],
  command: ['postgres'],
  port: 5432,
  volume: '/var/lib/postgresql/data',
  // Fast shutdown: connections are ended, then all is written. SIGTERM would wait for clients to leave.
  stopSignal: 'SIGINT',
}));
