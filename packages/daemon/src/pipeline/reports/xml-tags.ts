/** A tag in an XML text: `text.slice(start, end)` is it whole, from "<" to ">". */
export interface XmlTag {
  name: string;
  kind: 'open' | 'close' | 'empty';
  start: number;
  end: number;
}

/**
 * The tags of an XML text one after the other, in time linear in its length and without building anything.
 * Comments, CDATA, processing instructions and declarations are passed over, so no entity is ever defined.
 * A text that breaks off ends the sequence; nothing is thrown.
 */
export function* xmlTags(text: string): Generator<XmlTag> {
  let at = text.indexOf('<');
  while (at >= 0) {
    const passed = endOfOther(text, at);
    if (passed === undefined) {
      const end = endOfTag(text, at);
      if (end < 0) return;
      const name = /^<\/?([^\s/>]*)/.exec(text.slice(at, Math.min(end, at + 200)))?.[1] ?? '';
      yield { name, kind: text[at + 1] === '/' ? 'close' : text[end - 2] === '/' ? 'empty' : 'open', start: at, end };
      at = text.indexOf('<', end);
    } else {
      if (passed < 0) return;
      at = text.indexOf('<', passed);
    }
  }
}

/** End of what begins with "<" and is no tag; undefined for a tag, −1 where it does not end. */
function endOfOther(text: string, at: number): number | undefined {
  const next = text[at + 1];
  if (next === '?') return endAfter(text, '?>', at);
  if (next !== '!') return undefined;
  if (text.startsWith('<!--', at)) return endAfter(text, '-->', at + 4);
  if (text.startsWith('<![CDATA[', at)) return endAfter(text, ']]>', at);
  return endOfTag(text, at);
}

/** The place after the tag's ">", which may also stand in quotes; −1 where there is none. */
function endOfTag(text: string, at: number): number {
  const border = /[>"']/g;
  border.lastIndex = at;
  for (let match = border.exec(text); match; match = border.exec(text)) {
    if (match[0] === '>') return match.index + 1;
    const closing = text.indexOf(match[0], match.index + 1);
    if (closing < 0) return -1;
    border.lastIndex = closing + 1;
  }
  return -1;
}

function endAfter(text: string, mark: string, at: number): number {
  const found = text.indexOf(mark, at);
  return found < 0 ? -1 : found + mark.length;
}
