import { InvalidArgumentError } from 'commander';

/** A whole number of 1 or more, from the command line. */
export function positiveNumber(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`Expected a number of 1 or more, got ${JSON.stringify(text)}.`);
}

/** A release's number; people write `12` or `#12`. */
export function releaseNumber(text: string): number {
  return positiveNumber(text.replace(/^#/, ''));
}

/** A whole number of 0 or more. */
export function countNumber(text: string): number {
  return text === '0' ? 0 : positiveNumber(text);
}
