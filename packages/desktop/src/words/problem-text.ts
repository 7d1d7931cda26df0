import type { PlacedProblem } from '@redcontrol/contract';
import type { Say } from './say.ts';
import type { Translate } from './translate.ts';

const form = /^Expected (.*) at [^ ]+, got (.*)$/s;

/** A problem as its field says it: without the place, which is the field, and in the page's language where it can be. */
export function problemText({ message, hint }: Pick<PlacedProblem, 'message' | 'hint'>, { say, t }: { say: Say; t: Translate }): string {
  const match = form.exec(message);
  const text = match ? t('problem.expected', { expected: say(match[1] ?? ''), got: say(match[2] ?? '') }) : say(message);
  return hint ? `${text}. ${say(hint)}` : text;
}
