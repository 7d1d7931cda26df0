import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { createProgram } from '../program.ts';

const cli: Cli = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, folder: '/', variables: {}, now: Date.now, signal: new AbortController().signal };

/** Every command that does something, such as `redcontrol run show`. */
function commandNames(command: Command, before: string[] = []): string[] {
  const words = [...before, command.name()];
  if (command.commands.length === 0) return [words.join(' ')];
  const visible = command.createHelp().visibleCommands(command).filter((one) => one.name() !== 'help');
  return visible.flatMap((one) => commandNames(one, words));
}

for (const file of ['docs/commands.md', 'docs/ru/commands.md']) {
  test(`${file} explains every command with an example, and no other`, async () => {
    const names = (await createProgram(cli, [])).commands.map((command) => command.name());
    const existing = commandNames(await createProgram(cli, names));
    const text = await readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `(redcontrol [a-z ]+)` \| [^|]+ \| [^|]+ \| `([^`|]+)` \| [^|]*\|$/gm)];
    assert.ok(existing.length > 30, `${existing.length} commands`);
    assert.deepEqual(rows.map(([, command]) => command).toSorted(), existing.toSorted());
    for (const [, command, example] of rows) assert.ok(example?.startsWith(command!), `${command}: ${example}`);
  });
}

const documents = ['README.md', 'README.ru.md', ...['commands', 'backups', 'previews', 'configuration', 'errors', 'exit-codes', 'how-it-works', 'operating', 'notifications', 'desktop', 'isolation', 'redwatch'].flatMap((name) => [`docs/${name}.md`, `docs/ru/${name}.md`])];

test('the documents name only commands and options that there are', async () => {
  const names = (await createProgram(cli, [])).commands.map((command) => command.name());
  const program = await createProgram(cli, names);
  const unknown: string[] = [];
  for (const file of documents) {
    const text = await readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8');
    for (const [, line = ''] of text.matchAll(/`redcontrol ([^`]+)`/g)) if (!isCommandLine(program, line)) unknown.push(`${file}: redcontrol ${line}`);
  }
  assert.deepEqual(unknown, []);
});

/** Those whose `npm run` means this repository's scripts, not those of somebody's app. */
const aboutThisRepository = [...documents, 'ARCHITECTURE.md', 'docs/benchmarks.md'].filter((file) => !/(configuration|isolation)\.md$/.test(file));

test('the documents name only scripts of npm that there are', async () => {
  const { scripts } = JSON.parse(await readFile(new URL('../../../../package.json', import.meta.url), 'utf8')) as { scripts: Record<string, string> };
  const named = new Map<string, string>();
  for (const file of aboutThisRepository) {
    const text = await readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8');
    for (const [, script = ''] of text.matchAll(/\bnpm (?:run )?(?!run|ci\b|i\b|install\b)([a-z:-]+)/g)) named.set(script, file);
  }
  assert.ok(named.has('demo') && named.has('test') && named.has('desktop'), [...named.keys()].join(', '));
  assert.deepEqual([...named].filter(([script]) => !(script in scripts)), []);
});

function isCommandLine(program: Command, line: string): boolean {
  const words = line.split(/ [<>] /)[0]!.split(' ').filter((word) => word !== '…');
  let command = program;
  let count = 0;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next) break;
    command = next;
    count += 1;
  }
  // A group alone stands for all of its commands.
  const rest = words.slice(count).filter((word) => !word.startsWith('-'));
  if (count === 0 || (command.commands.length > 0 && rest.length > 0)) return false;
  const known = [...program.options, ...command.options].flatMap(({ short, long }) => [short, long]);
  return words.filter((word) => word.startsWith('-')).every((word) => known.includes(word));
}
