import { readdir } from 'node:fs/promises';
import { readIfExists, writeFileAtomic } from '../packages/system/src/index.ts';
import { describeMachine } from './machine.ts';
import { formatTable, mergeReport, type BenchResult } from './report.ts';
import { isReached, type Bench } from './row.ts';

const reportPath = new URL('../docs/benchmarks.md', import.meta.url).pathname;

process.exitCode = await runBenches(process.argv.slice(2));

/**
 * Runs the named benches (all without names) one after the other and writes docs/benchmarks.md after each.
 * Exit code: 0 all ran, 1 one threw, 2 a name is unknown. A missed target is shown, it does not fail the command.
 */
async function runBenches(wanted: readonly string[]): Promise<number> {
  const all = await benchNames();
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    console.error(`Expected names of benches (${all.join(', ')}), got ${unknown.join(', ')}`);
    return 2;
  }
  const machine = await describeMachine();
  console.log(machine);
  let failures = 0;
  for (const name of wanted.length > 0 ? wanted : all) {
    try {
      await keep(await runOne(name, machine));
    } catch (error) {
      failures += 1;
      console.error(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return failures === 0 ? 0 : 1;
}

async function runOne(name: string, machine: string): Promise<BenchResult> {
  const { bench } = (await import(`./${name}.bench.ts`)) as { bench: Bench };
  console.log(`\n${name}: ${bench.title}`);
  const rows = await bench.run();
  console.log(formatTable(rows));
  const missed = rows.filter((row) => isReached(row) === false).length;
  if (missed > 0) console.log(`${missed} of ${rows.length} below target`);
  return { name, bench, rows, machine, day: new Date().toISOString().slice(0, 10) };
}

async function keep(result: BenchResult): Promise<void> {
  await writeFileAtomic(reportPath, mergeReport(await readIfExists(reportPath), [result]), 0o644);
}

async function benchNames(): Promise<string[]> {
  const files = await readdir(new URL('.', import.meta.url));
  return files.filter((file) => file.endsWith('.bench.ts')).map((file) => file.slice(0, -'.bench.ts'.length)).toSorted();
}
