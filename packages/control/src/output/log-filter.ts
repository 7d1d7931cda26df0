/* oxlint-disable no-control-regex -- control characters are what this file is about */
/** Colours and styles (SGR); everything else that begins with ESC may move the cursor, write the clipboard or ask. */
const style = /^\u001b\[[0-9;:]{0,40}m$/;
/**
 * An escape sequence as a whole (ECMA-48): a string (OSC, DCS, …) up to its end or the line's, a CSI, one with
 * intermediate characters, one of two characters, or an ESC alone before what cannot follow it.
 */
const sequence = /^\u001b(?:[\]PX^_][^\u0007\u001b\n]{0,4096}(?:\u0007|\u001b\\|(?=\n))|\[[0-?]{0,256}[ -/]{0,16}(?:[@-~]|(?=[^ -~]))|[ -/]{1,16}[0-~]|[0-OQ-WYZ`-~\\]|(?=[^ -~]))/;
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
    const [kept, rest] = split(held + text);
    held = rest;
    return kept;
  };
  return {
    push: (bytes) => filter(decoder.decode(bytes, { stream: true })),
    end: () => filter(decoder.decode()) + printable(held),
  };
}

/** What may be shown of a text, and its end that may be the beginning of a sequence or of a line end. */
function split(text: string): [kept: string, rest: string] {
  let kept = '';
  let rest = text;
  for (;;) {
    const escape = rest.indexOf('\u001b');
    if (escape === -1) {
      const end = rest.endsWith('\r') ? rest.length - 1 : rest.length;
      return [kept + printable(rest.slice(0, end)), rest.slice(end)];
    }
    kept += printable(rest.slice(0, escape));
    rest = rest.slice(escape);
    const found = sequence.exec(rest)?.[0];
    if (found === undefined && rest.length < maxHeldCharacters) return [kept, rest];
    if (found !== undefined && style.test(found)) kept += found;
    rest = rest.slice(found === undefined ? 1 : Math.max(1, found.length));
  }
}

/** Without control characters; a carriage return, by which progress bars overwrite their line, begins a new one. */
function printable(text: string): string {
  return text.replace(/\r+\n/g, '\n').replace(/\r/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
