import { createHash } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import { asRedControlError, type RunDetails } from '@redcontrol/contract';
import type { Words } from '../words/words.ts';
import type { LastRuns } from './last-runs.ts';
import { missingPage, runPage, runsPage, style, type ShownLog } from './pages.ts';

/** Of a log its end is shown: the whole of it is `redwatch log`'s to print. */
const shownLogBytes = 64 * 1024;

/** No script, nothing from elsewhere, one style that is known by its hash. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
} as const;

export interface PageContext { last: LastRuns; words: Words; now: number; signal: AbortSignal }

/** The page at a path below the secret one: the last runs, or one run with the end of a step's log. */
export async function answerPage(path: string, { last, words, now, signal }: PageContext): Promise<{ status: number; body: string }> {
  const url = new URL(path, 'http://page/');
  if (url.pathname === '/') return { status: 200, body: runsPage(last, words, now) };
  const [, name = '', number = ''] = /^\/runs\/([^/]+)\/([1-9]\d{0,14})$/.exec(url.pathname) ?? [];
  const client = last.clients.get(decoded(name));
  if (!client) return { status: 404, body: missingPage(words) };
  try {
    const run = await client.call('run.show', { run: Number(number) }, { signal });
    const wanted = url.searchParams.get('step');
    return { status: 200, body: runPage(run, { log: await endOfLog(client, run, { step: chosenStep(run, wanted), signal }), words, now }) };
  } catch (thrown) {
    if (asRedControlError(thrown).code !== 'NOT_FOUND') throw thrown;
    return { status: 404, body: missingPage(words) };
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The asked one, else what failed, else what was last at work. */
function chosenStep({ steps }: RunDetails, wanted: string | null): RunDetails['steps'][number] | undefined {
  return steps.find(({ index }) => String(index) === wanted) ?? steps.find(({ status }) => status === 'failed') ?? steps.findLast(({ startedAt }) => startedAt !== null);
}

async function endOfLog(client: DaemonClient, run: RunDetails, { step, signal }: { step: RunDetails['steps'][number] | undefined; signal: AbortSignal }): Promise<ShownLog | undefined> {
  if (!step || step.startedAt === null) return undefined;
  const offset = Math.max(0, step.logBytes - shownLogBytes);
  const { data } = await client.call('log.read', { run: run.id, step: step.index, offset, limit: shownLogBytes }, { signal });
  return { step: step.index, text: stripVTControlCharacters(Buffer.from(data, 'base64').toString()), isCut: offset > 0 };
}
