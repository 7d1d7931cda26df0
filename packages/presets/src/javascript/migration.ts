import type { RepositoryView } from '../recipe.ts';
import { type Manifest, scriptOf, uses } from './manifest.ts';
import type { PackageManager } from './package-manager.ts';
import { scriptCommand, shellText } from './script-command.ts';

export interface Migration {
  /** In the working tree of the pipeline. */
  step: string;
  /** In the deployed image, where programs of node_modules/.bin are on PATH. */
  release: string;
  notes: string[];
}

interface Tool {
  package: string;
  /** A file or folder that shows that the tool is set up. */
  evidence: string[];
  command: string;
}

const tools: Tool[] = [
  { package: 'knex', evidence: ['knexfile.js', 'knexfile.cjs', 'knexfile.mjs', 'knexfile.ts'], command: 'knex migrate:latest' },
  { package: 'drizzle-kit', evidence: ['drizzle.config.ts', 'drizzle.config.js', 'drizzle.config.mjs', 'drizzle.config.json'], command: 'drizzle-kit migrate' },
  { package: 'sequelize-cli', evidence: ['.sequelizerc', 'config/config.json', 'config/config.js', 'migrations'], command: 'sequelize db:migrate' },
  { package: 'node-pg-migrate', evidence: ['migrations'], command: 'node-pg-migrate up' },
];

/** The migration command of a Node app, by its own script or by a tool that it has set up. */
export async function migrationOf(repository: RepositoryView, manifest: Manifest, manager: PackageManager): Promise<Migration | undefined> {
  if (uses(manifest, 'prisma', '@prisma/client') && (await repository.exists('prisma/migrations'))) {
    return byTool('prisma migrate deploy');
  }
  const name = ['db:migrate', 'migrate', 'migration:run', 'migrations:run', 'migrate:latest'].find((script) => scriptOf(manifest, script));
  const command = name && scriptCommand(manifest, name, manager);
  if (name && command) {
    const development = /migrate dev|db push|--force-reset/.test(scriptOf(manifest, name)!);
    const warning = `The script "${name}" looks like one for development; it is run on production as it stands.`;
    return { step: manager.run(name), release: shellText(command), notes: development ? [warning] : [] };
  }
  for (const tool of tools) {
    if (!uses(manifest, tool.package)) continue;
    const found = await Promise.all(tool.evidence.map((path) => repository.exists(path)));
    if (found.includes(true)) return byTool(tool.command);
  }
  if (uses(manifest, 'typeorm')) return typeorm(repository);
  return undefined;
}

async function typeorm(repository: RepositoryView): Promise<Migration | undefined> {
  for (const path of ['data-source.js', 'src/data-source.js', 'dist/data-source.js']) {
    if (await repository.exists(path)) return byTool(`typeorm migration:run -d ${path}`);
  }
  if (!(await repository.exists('src/data-source.ts'))) return undefined;
  const migration = byTool('typeorm migration:run -d dist/data-source.js');
  migration.notes.push('TypeORM\'s data source is taken to be built to dist/data-source.js; write a script "migrate" if it is elsewhere.');
  return migration;
}

function byTool(command: string): Migration {
  return { step: `node_modules/.bin/${command}`, release: command, notes: [] };
}
