import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * Runs the test files one after another in groups that may share the machine: fast ones side by side, those that start
 * servers and load alone. `node scripts/run-tests.ts [part of a path …]` runs only files whose path contains one of them.
 */
const wanted = process.argv.slice(2);
const all = globSync(['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'], { exclude: ['**/node_modules/**', '**/fixtures/**'] }).toSorted();
const files = wanted.length === 0 ? all : all.filter((file) => wanted.some((part) => file.includes(part)));
const heavy = files.filter((file) => /(^|\/)test\//.test(file));
const light = files.filter((file) => !heavy.includes(file));

const totals = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];
const skips: string[] = [];
await runGroup(light, 2);
await runGroup(heavy, 1);

for (const skip of skips) process.stdout.write(`skipped: ${skip}\n`);
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
if (files.length === 0) process.stdout.write('Expected test files, found none\n');
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

async function runGroup(group: string[], concurrency: number): Promise<void> {
  if (group.length === 0) return;
  const stream = run({ files: group, concurrency, timeout: 20 * 60_000 });
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    if (event.skip !== undefined) {
      totals.skipped += 1;
      skips.push(`${event.name}${typeof event.skip === 'string' ? `: ${event.skip}` : ''}`);
    } else totals.passed += 1;
  });
  stream.on('test:fail', (event) => {
    if (event.details.type === 'suite' && (event.details.error as { failureType?: string }).failureType === 'subtestsFailed') return;
    totals.failed += 1;
    failures.push(`${event.file ?? ''} ${event.name}`);
  });
  for await (const chunk of stream.compose(spec)) process.stdout.write(chunk as string);
}
