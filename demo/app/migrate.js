import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from './database.js';

const folder = join(import.meta.dirname, 'migrations');
const database = openDatabase();
await database.query('CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)');
for (const name of (await readdir(folder)).sort()) {
  const { rowCount } = await database.query('SELECT 1 FROM migrations WHERE name = $1', [name]);
  if (rowCount > 0) continue;
  await database.query(`BEGIN; ${await readFile(join(folder, name), 'utf8')}; INSERT INTO migrations VALUES ('${name}'); COMMIT`);
  console.log(`applied ${name}`);
}
await database.end();
