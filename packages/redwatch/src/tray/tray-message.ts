import { isOver } from '@redcontrol/client/runs/follow-run';
import type { RunRecord } from '@redcontrol/contract';
import { plainLine } from '../cli/plain-line.ts';
import { runMarks } from '../cli/run-marks.ts';
import type { LastRuns, ServerRun } from './last-runs.ts';

/** One line of JSON each on standard output, for the window that shows the tray icon (its `message.rs`). */
export type TrayMessage =
  | { kind: 'ready'; url: string }
  | { kind: 'tray'; tone: TrayTone; lines: { text: string; path: string }[] };

type TrayTone = 'ok' | 'busy' | 'bad' | 'idle';

const shownRuns = 10;
const maxTitle = 60;

/** The icon's colour, and the last runs as lines of its menu: bad while an app is down or the last run of a branch failed. */
export function trayMessage({ runs, down, errors }: Pick<LastRuns, 'runs' | 'down' | 'errors'>): TrayMessage {
  const newest = newestOfBranches(runs);
  const isBad = down.length > 0 || errors.length > 0 || newest.some(({ run }) => run.status === 'failed');
  const tone = newest.some(({ run }) => !isOver(run.status)) ? 'busy' : isBad ? 'bad' : newest.length > 0 ? 'ok' : 'idle';
  const troubles = [
    ...errors.map(({ server, error }) => ({ text: plainLine(`✗ ${server}: ${error.message}`).slice(0, 2 * maxTitle), path: '' })),
    ...down.map(({ project, environment }) => ({ text: `✗ ${project} / ${environment.name}`, path: '' })),
  ];
  return { kind: 'tray', tone, lines: [...troubles, ...runs.slice(0, shownRuns).map((one) => ({ text: lineOf(one.run), path: runPath(one) }))] };
}

/** Below the page's address. */
export function runPath({ server, run }: ServerRun): string {
  return `runs/${encodeURIComponent(server)}/${run.id}`;
}

function lineOf({ status, project, ref, message }: RunRecord): string {
  return `${runMarks[status]} ${plainLine(`${project} ${ref}: ${message.split('\n')[0] ?? ''}`).slice(0, maxTitle)}`;
}

/** What was overtaken or cancelled says nothing about its branch. */
function newestOfBranches(runs: readonly ServerRun[]): ServerRun[] {
  const newest = new Map<string, ServerRun>();
  for (const one of runs) {
    const branch = JSON.stringify([one.server, one.run.project, one.run.ref]);
    if (!newest.has(branch) && one.run.status !== 'superseded' && one.run.status !== 'cancelled') newest.set(branch, one);
  }
  return [...newest.values()];
}
