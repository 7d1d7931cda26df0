import { formatDurationMs, type RunRecord } from '@redcontrol/contract';
import type { CommandContext } from '../cli/command-context.ts';
import { plainLine } from '../cli/plain-line.ts';
import { runMarks } from '../cli/run-marks.ts';

/** One line about a run: `✗ failed main 1a2b3c4 Fix the cart (Anna, 2m 3s, 5 min. ago) run 12`. */
export function runLine(run: RunRecord, { colors, words, cli }: CommandContext): string {
  const now = cli.now();
  const took = run.startedAt === null ? [] : [formatDurationMs((run.finishedAt ?? now) - run.startedAt)];
  const facts = [run.author, ...took, words.ago(run.createdAt, now)].filter((fact) => fact !== '').join(', ');
  return `${mark(run, { colors, words })} ${plainLine(run.ref)} ${colors.yellow(run.commit.slice(0, 7))} ${plainLine(run.message.split('\n')[0] ?? '')} ${colors.dim(plainLine(`(${facts}) run ${run.id}`))}`;
}

function mark({ status }: RunRecord, { colors, words }: Pick<CommandContext, 'colors' | 'words'>): string {
  const text = `${runMarks[status]} ${words.status[status]}`;
  switch (status) {
    case 'succeeded': return colors.green(text);
    case 'failed': return colors.red(text);
    case 'cancelled': return colors.yellow(text);
    case 'superseded': case 'queued': return colors.dim(text);
    case 'preparing': case 'running': case 'releasing': return colors.cyan(text);
  }
}
