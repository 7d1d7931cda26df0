import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrThrow } from '@redcontrol/system';

/** Applies the files of migrations/ that were not applied yet, each in a transaction. */
const migrate = `import { readdirSync, readFileSync } from 'node:fs';
import postgres from 'postgres';
const sql = postgres(process.env.DATABASE_URL, { max: 1, onnotice() {} });
await sql\`create table if not exists applied (name text primary key)\`;
for (const name of readdirSync('migrations').sort()) {
  await sql.begin(async (tx) => {
    const done = await tx\`insert into applied values (\${name}) on conflict do nothing\`;
    if (done.count === 1) await tx.unsafe(readFileSync('migrations/' + name, 'utf8'));
  });
}
console.log('migrated');
await sql.end();
`;

const server = `import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import postgres from 'postgres';
const sql = postgres(process.env.DATABASE_URL, { max: 2 });
const query = readFileSync('query.sql', 'utf8');
createServer(async (request, response) => {
  try {
    const [row] = await sql.unsafe(query);
    response.end(String(row.answer));
  } catch (error) {
    response.statusCode = 500;
    response.end(error.message);
  }
}).listen(Number(process.env.PORT ?? 3000));
process.on('SIGTERM', () => process.exit(0));
`;

/** Runs the SQL that it is given as its first argument. */
const run = `import postgres from 'postgres';
const sql = postgres(process.env.DATABASE_URL, { max: 1, onnotice() {} });
console.log(JSON.stringify(await sql.unsafe(process.argv[2])));
await sql.end();
`;

/** A web app on PostgreSQL: migrations in migrations/, and the answer of query.sql for everybody who asks. */
export async function databaseApp(extra: Record<string, string> = {}): Promise<Record<string, string>> {
  const manifest = { name: 'shop', version: '1.0.0', private: true, type: 'module', scripts: { start: 'node server.js', test: 'node --test', migrate: 'node migrate.js' }, dependencies: { postgres: '3.4.7' } };
  return {
    'package.json': JSON.stringify(manifest), 'package-lock.json': await lockOf(manifest), 'server.js': server, 'migrate.js': migrate, 'run.js': run,
    'query.sql': 'select count(*) as answer from orders', 'migrations/1.sql': 'create table orders (id serial primary key, note text)',
    'a.test.js': "import { test } from 'node:test'; test('nothing', () => {});\n", ...extra,
  };
}

async function lockOf(manifest: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redcontrol-lock-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
    await runOrThrow('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, timeoutMs: 60_000 });
    return await readFile(join(folder, 'package-lock.json'), 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}
