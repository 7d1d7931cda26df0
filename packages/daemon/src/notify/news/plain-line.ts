import { stripVTControlCharacters } from 'node:util';

/** Text from outside as one line without escape sequences, control characters and marks that turn words round. */
export function plainLine(text: string, maxLength: number): string {
  const line = cleaned(text).replace(/\s+/g, ' ').trim();
  return line.length > maxLength ? `${[...line].slice(0, maxLength - 1).join('')}…` : line;
}

/** Like plainLine for a line of output, whose indentation stays. */
export function outputLine(text: string, maxLength: number): string {
  // What a carriage return wrote over is not seen on a terminal either.
  const line = cleaned((text.replace(/\r+$/, '').split('\r').at(-1) ?? '')).trimEnd();
  return line.length > maxLength ? `${[...line].slice(0, maxLength - 1).join('')}…` : line;
}

function cleaned(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Bidi_Control}/gu, '').replace(/[\p{Cc}\u2028\u2029]/gu, ' ').toWellFormed();
}
