import type { Command } from 'commander';
import type { CommandContext } from '../cli/command-context.ts';
import { plainLine } from '../cli/plain-line.ts';
import { runMarks } from '../cli/run-marks.ts';
import type { Bind } from '../program.ts';
import { readRepository } from '../repository/read-repository.ts';
import { sameRepository } from '../repository/same-repository.ts';
import { readSummary } from '../summary/summary.ts';

export function definePrompt(program: Command, bind: Bind): void {
  program.command('prompt')
    .description('one short line on this folder\'s branch, for a prompt or a status bar; asks no server')
    .action(bind(prompt));
}

/** Prints nothing where nothing is known: a prompt is no place for errors. */
async function prompt(context: CommandContext): Promise<void> {
  const [repository, projects] = await Promise.all([readRepository(context.cli.folder, context.signal), readSummary(context.places.summary)]);
  const found = projects.find((one) => repository?.remotes.some((remote) => sameRepository(remote, one.repository)));
  const state = repository?.branch === undefined ? undefined : found?.refs[repository.branch];
  if (!found || !state) return;
  if (context.global.json) return context.printJson({ server: found.server, project: found.project, ref: repository?.branch, ...state });
  context.print(plainLine(`${runMarks[state.status]} ${found.project} ${context.words.status[state.status]}`));
}
