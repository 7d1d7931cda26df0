import { formatDurationMs, type RunDetails } from '@redcontrol/contract';
import { isOver } from '@redcontrol/client/runs/follow-run';
import { plainLine } from '../cli/plain-line.ts';
import { runMarks } from '../cli/run-marks.ts';
import type { Words } from '../words/words.ts';
import type { LastRuns } from './last-runs.ts';
import { runPath } from './tray-message.ts';

const refreshSeconds = 3;

export const style = `body{margin:0;padding:14px 16px;font:14px/1.45 system-ui,sans-serif;color:#1b1f24;background:#f6f7f9}h1{font-size:17px;margin:0 0 10px}h2{font-size:14px;margin:14px 0 6px}a{color:#3446ae;text-decoration:none}a:hover{text-decoration:underline}ul{list-style:none;margin:0;padding:0}li{padding:7px 0;border-bottom:1px solid #d9dde3}li a{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.about{font-size:12px;color:#525b67}.failed{color:#b3182d}.succeeded{color:#17713c}pre{padding:10px;border-radius:6px;background:#14171c;color:#dfe3e8;white-space:pre-wrap;overflow-wrap:anywhere;font-size:12px}nav a{margin-right:10px}nav [aria-current]{font-weight:700}@media(prefers-color-scheme:dark){body{color:#dfe3e8;background:#15181c}a{color:#9fb0ff}li{border-color:#2c323a}.about{color:#a9b1bc}.failed{color:#ff8a94}.succeeded{color:#6fd39b}}`;

/** Runs of all servers, newest first. */
export function runsPage({ runs, down, errors }: Pick<LastRuns, 'runs' | 'down' | 'errors'>, words: Words, now: number): string {
  const troubles = [...errors.map(({ server, error }) => `${server}: ${error.message}`), ...down.map(({ project, environment }) => words.titles.down({ project, environments: environment.name }))];
  const rows = runs.map((one) => {
    const { run } = one;
    const facts = [words.status[run.status], run.author, words.ago(run.createdAt, now)].join(' · ');
    return `<li><a href="${escape(runPath(one))}"><span class="${run.status}">${runMarks[run.status]}</span> ${text(`${run.project} ${run.ref}: ${run.message.split('\n')[0] ?? ''}`)}</a><span class="about">${text(facts)}</span></li>`;
  });
  return page({
    title: words.tray.runs, language: words.language, refreshes: true,
    body: `${troubles.map((trouble) => `<p class="failed">✗ ${text(trouble)}</p>`).join('')}${rows.length > 0 ? `<ul>${rows.join('')}</ul>` : `<p>${escape(words.tray.noRuns)}</p>`}`,
  });
}

export interface ShownLog { step: number; text: string; isCut: boolean }

/** A run with its steps and the end of the log of one. */
export function runPage(run: RunDetails, { log, words, now }: { log: ShownLog | undefined; words: Words; now: number }): string {
  const took = run.startedAt === null ? [] : [formatDurationMs((run.finishedAt ?? now) - run.startedAt)];
  const steps = run.steps.map(({ index, name, status }) => `<a href="?step=${index}"${index === log?.step ? ' aria-current="true"' : ''} class="${escape(status)}">${text(name)}</a>`);
  const failed = run.failedTests.map(({ name }) => `<li class="failed">${text(name)}</li>`);
  return page({
    title: `${run.project} ${run.ref}`, language: words.language, refreshes: !isOver(run.status),
    body: `<p><a href="../../">← ${escape(words.tray.back)}</a></p><p><span class="${run.status}">${runMarks[run.status]} ${escape(words.status[run.status])}</span> ${text(run.message.split('\n')[0] ?? '')}<br><span class="about">${text([run.author, run.commit.slice(0, 8), ...took, words.ago(run.createdAt, now)].join(' · '))}</span></p>`
      + `${run.error ? `<p class="failed">${text(run.error.message)}</p>` : ''}${failed.length > 0 ? `<ul>${failed.join('')}</ul>` : ''}`
      + `<nav aria-label="${escape(words.tray.step)}">${steps.join('')}</nav>${log ? `${log.isCut ? `<p class="about">${escape(words.tray.end)}</p>` : ''}<pre>${escape(log.text)}</pre>` : ''}`,
  });
}

export function missingPage(words: Words): string {
  return page({ title: words.tray.runs, language: words.language, refreshes: false, body: `<p>${escape(words.tray.missing)}</p><p><a href="../../">← ${escape(words.tray.back)}</a></p>` });
}

function page({ title, language, refreshes, body }: { title: string; language: string; refreshes: boolean; body: string }): string {
  const refresh = refreshes ? `<meta http-equiv="refresh" content="${refreshSeconds}">` : '';
  return `<!doctype html><html lang="${language}"><meta charset="utf-8">${refresh}<title>${text(title)}</title><style>${style}</style><main><h1>${text(title)}</h1>${body}</main></html>`;
}

/** Text of a repository as one harmless line. */
function text(value: string): string {
  return escape(plainLine(value));
}

function escape(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
