const sign = 0x1e;

/** Takes what a command wrote apart from the mark behind it, in whatever pieces both come. */
export interface MarkReader {
  /** Output that is surely the command's, and what stands in the mark behind it once that is complete. */
  push(chunk: Buffer): { output: Buffer; said: string | undefined };
}

/** For marks of the form ␞<mark>…␞, with at most 16 characters behind the mark itself. */
export function readUntilMark(mark: string): MarkReader {
  const begin = Buffer.concat([Buffer.from([sign]), Buffer.from(mark)]);
  const longest = begin.length + 17;
  let held: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const text = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const found = text.indexOf(begin);
      const end = found < 0 ? -1 : text.indexOf(sign, found + begin.length);
      if (end >= 0) {
        held = Buffer.alloc(0);
        return { output: text.subarray(0, found), said: text.toString('latin1', found + begin.length, end).trim() };
      }
      const from = found >= 0 ? found : heldFrom(text, begin);
      // More than a mark can be is none.
      if (text.length - from > longest) {
        held = Buffer.alloc(0);
        return { output: text, said: undefined };
      }
      held = text.subarray(from);
      return { output: text.subarray(0, from), said: undefined };
    },
  };
}

/** Where the longest end of the text begins that could become a mark. */
function heldFrom(text: Buffer, begin: Buffer): number {
  for (let at = Math.max(0, text.length - begin.length); at < text.length; at += 1) {
    if (text[at] === sign && begin.subarray(0, text.length - at).equals(text.subarray(at))) return at;
  }
  return text.length;
}
