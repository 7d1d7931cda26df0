import type { Language } from './translate.ts';

/** Each language in itself, so that everybody finds theirs. */
export const languageNames: Record<Language, string> = { en: 'English', ru: 'Русский' };
