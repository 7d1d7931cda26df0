/** Colours and styles (SGR); everything else that begins with ESC may move the cursor, write the clipboard or ask. */
const style = /^\u001b\[[0-9;:]{0,40}m/;
/** An escape sequence as a whole: OSC, DCS and the like up to their end, CSI, or two characters. */
const sequence = /^\u001b(?:[\]PX^_][^\u0007\u001b]{0,4096}(?:\u0007|\u001b\\)|\[[0-?]*[ -/]*[@-~]|[^[\]PX^_])/;
/** Longest beginning of a sequence that is kept for its rest. */
const maxHeldCharacters = 4_100;

/**
 * Makes the output of others harmless for a terminal: colours pass, as do tab and line ends; other control
 * characters and escape sequences do not. Sequences may be cut between two pieces.
 */
export function createLogFilter(): { push(bytes: Buffer): string; end(): string } {
  const decoder = new TextDecoder();
  let held = '';
  const filter = (text: string): string => {
    let kept = '';
    let rest = held + text;
    held = '';
    while (rest.length > 0) {
      const escape = rest.indexOf('\u001b');
      if (escape === -1) return kept + printable(rest);
      kept += printable(rest.slice(0, escape));
      rest = rest.slice(escape);
      const found = sequence.exec(rest)?.[0];
      if (found === undefined) {
        if (rest.length < maxHeldCharacters) {
          held = rest;
          return kept;
        }
        rest = rest.slice(1);
        continue;
      }
      if (style.test(found)) kept += found;
      rest = rest.slice(found.length);
    }
    return kept;
  };
  return {
    push: (bytes) => filter(decoder.decode(bytes, { stream: true })),
    end: () => {
      const last = filter(decoder.decode());
      held = '';
      return last;
    },
  };
}

/** Without control characters; a carriage return, by which progress bars overwrite their line, begins a new one. */
function printable(text: string): string {
  return text.replace(/\r+\n/g, '\n').replace(/\r/g, '\n').replace(/[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g, '');
}
