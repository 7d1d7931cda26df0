import type { PlacedProblem } from '@redcontrol/contract';
import type { Language, Translate } from './translate.ts';
import { expectedWordsRu } from './ru/expected-words.ts';

const form = /^Expected (.*) at [^ ]+, got (.*)$/s;

/** A problem as its field says it: without the place, which is the field, and in the page's language where it can be. */
export function problemText({ message, hint }: Pick<PlacedProblem, 'message' | 'hint'>, { language, t }: { language: Language; t: Translate }): string {
  const match = form.exec(message);
  const text = match ? t('problem.expected', { expected: inLanguage(match[1] ?? '', language), got: inLanguage(match[2] ?? '', language) }) : message;
  return hint ? `${text}. ${inLanguage(hint, language)}` : text;
}

function inLanguage(text: string, language: Language): string {
  if (language === 'en') return text;
  for (const [pattern, replacement] of expectedWordsRu) {
    if (pattern.test(text)) return text.replace(pattern, replacement);
  }
  return text;
}
