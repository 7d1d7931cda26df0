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
