import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** House rules about files that no linter has: length, and names that tell nothing. */
const maxLines = 400;
const vagueName = /^(utils?|helpers?|common|misc|manager)(\.tsx?)?$/;

const problems: string[] = [];
let files = 0;
for (const pack of readdirSync('packages')) walk(join('packages', pack, 'src'));
if (files === 0) problems.push('Expected source files under packages/*/src, found none');
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

function walk(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (vagueName.test(entry.name)) problems.push(`${path}: expected a name that tells what is in it`);
    if (entry.isDirectory()) walk(path);
    else if (/\.tsx?$/.test(entry.name)) {
      files += 1;
      const lines = readFileSync(path, 'utf8').split('\n').length - 1;
      if (lines > maxLines) problems.push(`${path}: expected at most ${maxLines} lines, got ${lines}`);
    }
  }
}
