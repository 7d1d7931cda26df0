import { stripVTControlCharacters } from 'node:util';

/**
 * Text from outside (commit messages, branch names, output of an app) as one harmless line:
 * without escape sequences and control characters, which could move the cursor or rewrite the screen.
 */
export function plainLine(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}
