import { baseEncodings } from './base-encodings.ts';
import { textEncodings } from './text-encodings.ts';

/** Values shorter than this are not masked: they would blacken ordinary text and say less than their absence. */
export const minSecretCharacters = 4;
/** Lines of a multi-line value shorter than this are masked only as part of the whole value. */
export const minLineCharacters = 6;
/** A value above this is masked raw, by lines, in base64 and as JSON, but not in its rarer forms. */
export const maxRichBytes = 16 * 1024;

/**
 * The byte strings that give a secret's value away in a log. Line breaks are left out of all of them, because the
 * mask looks through line breaks (see automaton.ts): a key printed with CR LF or a base64 text wrapped at 76 is the same.
 * White space around a value is left out too: programs trim it, and it is no secret.
 */
export function encodingsOf(value: string): Buffer[] {
  const trimmed = value.trim();
  if ([...trimmed].length < minSecretCharacters) return [];
  const texts = [trimmed, ...linesOf(trimmed), ...baseEncodings(trimmed, { rich: isRich(trimmed) }), ...textEncodings(trimmed, { rich: isRich(trimmed) })];
  const distinct = new Set(texts.map(withoutLineBreaks));
  return [...distinct].map((text) => Buffer.from(text)).filter((bytes) => bytes.length >= minSecretCharacters);
}

/** Whether the value is small enough for its rarer encodings to be masked as well. */
export function isRich(value: string): boolean {
  return Buffer.byteLength(value) <= maxRichBytes;
}

function linesOf(value: string): string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  return lines.length < 2 ? [] : lines.filter((line) => [...line].length >= minLineCharacters);
}

function withoutLineBreaks(text: string): string {
  return text.replace(/[\r\n]+/g, '');
}
