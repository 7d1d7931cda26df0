/** Lines longer than this are generated or hostile; skipping them keeps every pattern's time bounded. */
const maxLineCharacters = 400;
/** What matters in a manifest or an entry file stands before this. */
const maxLines = 20_000;

/** First match of a pattern within one line of a text. */
export function matchLine(text: string | undefined, pattern: RegExp): RegExpMatchArray | undefined {
  for (const line of linesOf(text)) {
    const match = line.match(pattern);
    if (match) return match;
  }
  return undefined;
}

export function matchLines(text: string | undefined, pattern: RegExp): RegExpMatchArray[] {
  return linesOf(text).map((line) => line.match(pattern)).filter((match) => match !== null);
}

export function linesOf(text: string | undefined): string[] {
  return (text ?? '').split(/\r?\n/, maxLines).filter((line) => line.length <= maxLineCharacters);
}

/** The first line of a file such as .nvmrc that says something. */
export function firstWord(text: string | undefined): string | undefined {
  return linesOf(text).map((line) => line.replace(/#.*/, '').trim()).find((line) => line !== '');
}
