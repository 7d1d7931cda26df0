import { buildAutomaton } from './automaton.ts';
import { encodingsOf, isRich } from './encodings.ts';
import { MaskStream } from './mask-stream.ts';

export interface Secret {
  name: string;
  value: string;
}

/** Replaces secrets in one stream of bytes by `***`. */
export interface SecretMask {
  /**
   * Takes the next bytes and gives out what can no longer become part of a secret. Only a beginning of a secret at the
   * very end is held back, and at a line's end only one of four characters or more.
   */
  push(chunk: Buffer): Buffer;
  /** The stream has ended: gives out what was held back. */
  end(): Buffer;
  /** Names of secrets that are not masked, because their values are shorter than four characters. */
  readonly unmasked: readonly string[];
  /** Names of secrets above 16 KiB: masked as they are, by lines, in base64 and in JSON, but not in rarer encodings. */
  readonly partlyMasked: readonly string[];
}

/** Secrets made ready for masking any number of streams, at the cost of one. */
export interface PreparedMask {
  readonly unmasked: readonly string[];
  readonly partlyMasked: readonly string[];
  /** A mask for one stream; streams of one prepared mask can run side by side. */
  open(): SecretMask;
  /** A whole text masked at once. */
  maskText(text: string): string;
}

/**
 * A mask for one stream: the raw value, its lines (from six characters), base64 and base64url at every alignment, hex,
 * URL, JSON, shell and HTML escapes, also wrapped over lines. Throws LIMIT_REACHED when the secrets take too much memory.
 */
export function createMask(secrets: readonly Secret[]): SecretMask {
  return prepareMask(secrets).open();
}

/** Like createMask, for several streams. */
export function prepareMask(secrets: readonly Secret[]): PreparedMask {
  const encoded = secrets.map(({ name, value }) => ({ name, value, patterns: encodingsOf(value) }));
  const unmasked = encoded.filter(({ patterns }) => patterns.length === 0).map(({ name }) => name);
  const partlyMasked = encoded.filter(({ value }) => !isRich(value.trim())).map(({ name }) => name);
  const patterns = encoded.flatMap((secret) => secret.patterns);
  const automaton = patterns.length === 0 ? undefined : buildAutomaton(patterns);
  const open = (): SecretMask => {
    if (!automaton) return { push: (chunk) => chunk, end: () => Buffer.alloc(0), unmasked, partlyMasked };
    const stream = new MaskStream(automaton);
    return { push: (chunk) => stream.push(chunk), end: () => stream.end(), unmasked, partlyMasked };
  };
  return {
    unmasked,
    partlyMasked,
    open,
    maskText(text) {
      const mask = open();
      return Buffer.concat([mask.push(Buffer.from(text)), mask.end()]).toString('utf8');
    },
  };
}
