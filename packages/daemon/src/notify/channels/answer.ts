import type { HttpAnswer } from '../http/send-request.ts';
import { plainLine } from '../news/plain-line.ts';

/**
 * What came of a try. `later`: the same message may be taken at another time (the other side is out of reach, busy, or
 * does not know us yet). `refused`: it never will be.
 */
export type Answer =
  | { outcome: 'delivered'; text: string }
  | { outcome: 'later'; text: string; waitMs?: number }
  | { outcome: 'refused'; text: string };

/** Statuses by which a side says that the message itself is wrong; all others may become right without a change of it. */
const wrongMessage = [400, 405, 406, 409, 411, 413, 414, 415, 422, 431];

/** What an HTTP answer means; `said` is the other side's own word for it, left out: its body. */
export function answerOfHttp({ status, headers, body }: HttpAnswer, options: { said?: string; now: number }): Answer {
  const said = plainLine(options.said ?? body, 200);
  const text = said === '' ? String(status) : `${status} ${said}`;
  if (status >= 200 && status < 300) return { outcome: 'delivered', text };
  if (status >= 300 && status < 400) return { outcome: 'later', text: `${status}, a redirect, which is not followed` };
  if (wrongMessage.includes(status)) return { outcome: 'refused', text };
  const waitMs = askedWaitMs(headers, options.now);
  return { outcome: 'later', text, ...(waitMs === undefined ? {} : { waitMs }) };
}

/** RFC 9110, 10.2.3 (seconds or a date); GitHub and GitLab also tell when a used-up limit begins anew. */
function askedWaitMs(headers: HttpAnswer['headers'], now: number): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined) {
    if (/^\d{1,9}$/.test(after)) return Number(after) * 1000;
    const at = Date.parse(after);
    return Number.isNaN(at) ? undefined : Math.max(0, at - now);
  }
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'];
  const left = headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'];
  return left === '0' && typeof reset === 'string' && /^\d{1,12}$/.test(reset) ? Math.max(0, Number(reset) * 1000 - now) : undefined;
}

/** A try that got no answer. */
export function answerOfFailure(error: unknown): Answer {
  if (!(error instanceof Error)) return { outcome: 'later', text: plainLine(String(error), 200) };
  if (error.name === 'TimeoutError' || (error.cause instanceof Error && error.cause.name === 'TimeoutError')) return { outcome: 'later', text: 'no answer in time' };
  return { outcome: 'later', text: plainLine(error.message || ('code' in error ? String(error.code) : error.name), 200) };
}
