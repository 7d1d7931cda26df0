import { stripVTControlCharacters } from 'node:util';

/** Text from outside as one harmless line: without escape sequences, control characters and marks of direction. */
export function plainLine(text: string): string {
  return stripVTControlCharacters(text).replace(/[\u202a-\u202e\u2066-\u2069]/g, '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
