/** A sentence of control or a daemon, with what stands in it, and how another language says it. */
export type Saying = readonly [pattern: RegExp, replacement: string];

/** Says a sentence of control or a daemon in the page's language; one that is not known stays as it came. */
export type Say = (text: string) => string;

export function createSay(sayings: readonly Saying[]): Say {
  return (text) => {
    for (const [pattern, replacement] of sayings) {
      if (pattern.test(text)) return text.replace(pattern, replacement);
    }
    return text;
  };
}
