import { StringDecoder } from 'node:string_decoder';

/** A line that never ends is given out in pieces of so many characters. */
const maxLineLength = 64 * 1024;

/** Gives out whole lines, with `grep` only those that contain it. Output of a program that ends in the middle of a line loses that end. */
export function lineFilter(grep: string | undefined): (chunk: Buffer) => string {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const text = rest + decoder.write(chunk);
    const end = text.length > maxLineLength && !text.includes('\n') ? text.length : text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    return matchingLines(text.slice(0, end), grep);
  };
}

/** The lines of a text that contain another one, as it is written; all without it. */
export function matchingLines(text: string, grep: string | undefined): string {
  if (grep === undefined) return text;
  return text.split(/(?<=\n)/).filter((line) => line.includes(grep)).join('');
}
