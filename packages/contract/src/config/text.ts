import * as z from 'zod';

/** A string of a form; `expected` says the form in words ("a duration such as 90s"), for any value that is not one. */
export function text(pattern: RegExp, expected: string): z.ZodString {
  return z.string({ error: expected }).regex(pattern, { error: expected });
}
