import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * Runs the test files one after another in groups that may share the machine: fast ones side by side, those that start
 * servers and load alone. `node scripts/run-tests.ts [part of a path …]` runs only files whose path contains one of them.
 */
const wanted = process.argv.slice(2);
const all = globSync(['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'], { exclude: ['**/node_modules/**', '**/fixtures/**'] }).toSorted();
/** Machines that boot several times take a quarter of an hour under emulation: they are run when asked for, by name or by the variable. */
const isLeftOut = (file: string) => wanted.length === 0 && process.env.REDCONTROL_TEST_MACHINES !== '1' && /^test\/machine\/(deployed|systemd)\./.test(file);
const chosen = wanted.length === 0 ? all : all.filter((file) => wanted.some((part) => file.includes(part)));
const files = chosen.filter((file) => !isLeftOut(file));
const leftOut = chosen.filter(isLeftOut);
const heavy = files.filter((file) => /(^|\/)test\//.test(file));
const light = files.filter((file) => !heavy.includes(file));
/** These take the machine to its limits, by purpose or by emulation: what runs beside them would fail for their sake. */
const isAlone = (file: string) => /^test\/(machine|install)\/|hostile-steps|kill-at-every/.test(file);

/** So many files may be tried once more, alone: the machine may have been busy. It is said, never hidden. */
const maxSecondTries = 4;

interface Outcome {
  passed: number;
  failures: { file: string; name: string }[];
  skips: string[];
  seconds: { file: string; seconds: number }[];
}

/** So many of the slowest files are named at the end. */
const namedSlowest = 12;

const first = [await runGroup(light, 2), await runGroup(heavy.filter((file) => !isAlone(file)), 2), await runGroup(heavy.filter(isAlone), 1)];
const failed = [...new Set(first.flatMap((outcome) => outcome.failures).map(({ file }) => file))].filter((file) => files.includes(file));
const again = failed.length <= maxSecondTries ? failed : [];
const second = await runGroup(again, 1);
for (const file of again) process.stdout.write(`tried a second time: ${file}${second.failures.some((failure) => failure.file === file) ? '' : ', passed'}\n`);

const failures = [...first.flatMap((outcome) => outcome.failures).filter(({ file }) => !again.includes(file)), ...second.failures];
const skips = [...leftOut.map((file) => `${file}: machines that boot several times are tested with REDCONTROL_TEST_MACHINES=1, or by node scripts/run-tests.ts test/machine`), ...first.flatMap((outcome) => outcome.skips)];
const totals = { passed: first.reduce((sum, outcome) => sum + outcome.passed, 0), failed: failures.length, skipped: skips.length };

const slowest = first.flatMap((outcome) => outcome.seconds).toSorted((a, b) => b.seconds - a.seconds).slice(0, namedSlowest);
if (files.length > namedSlowest) process.stdout.write(`slowest: ${slowest.map(({ file, seconds }) => `${file} ${seconds} s`).join(', ')}\n`);
for (const skip of skips) process.stdout.write(`skipped: ${skip}\n`);
for (const failure of failures) process.stdout.write(`failed: ${failure.file} ${failure.name}\n`);
if (files.length === 0) process.stdout.write('Expected test files, found none\n');
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped\n`);
process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0);

async function runGroup(group: string[], concurrency: number): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failures: [], skips: [], seconds: [] };
  if (group.length === 0) return outcome;
  const stream = run({ files: group, concurrency, timeout: 20 * 60_000 });
  stream.on('test:pass', (event) => {
    if (event.details.type === 'suite') return;
    if (event.skip === undefined) outcome.passed += 1;
    else outcome.skips.push(`${event.name}${typeof event.skip === 'string' ? `: ${event.skip}` : ''}`);
  });
  stream.on('test:fail', (event) => {
    if (event.details.type === 'suite' && (event.details.error as { failureType?: string }).failureType === 'subtestsFailed') return;
    outcome.failures.push({ file: relative(process.cwd(), event.file ?? ''), name: event.name });
  });
  stream.on('test:summary', (event) => {
    if (event.file !== undefined) outcome.seconds.push({ file: relative(process.cwd(), event.file), seconds: Math.round(event.duration_ms / 1000) });
  });
  for await (const chunk of stream.compose(spec)) process.stdout.write(chunk as string);
  return outcome;
}
