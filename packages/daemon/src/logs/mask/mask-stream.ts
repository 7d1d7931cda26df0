import { lineBreak, nextState, type Automaton } from './automaton.ts';

/** At a line break, a beginning of a secret shorter than this is let through, so that live logs are not held up by chance. */
export const minHeldCharacters = 4;
/** More line breaks in a row than this end a match; so what is held has a bound. */
const maxLineBreaksInARow = 8;
/** Long chunks are worked on in pieces of this, which bounds the window. */
const pieceBytes = 64 * 1024;
const mark = Buffer.from('***');
const nothing = Buffer.alloc(0);

/** A stretch of the window that is to be masked; `characters` are its bytes without line breaks. */
interface Stretch {
  start: number;
  end: number;
  characters: number;
}

/**
 * Masks one stream. Matching looks through line breaks, and line breaks always come out as they were, so a masked log
 * has as many lines as the original. Whatever way a stream is cut into chunks, the output is the same in sum.
 */
export class MaskStream {
  readonly #automaton: Automaton;
  /** Bytes not given out yet are #window[#given … #end). */
  #window = Buffer.allocUnsafe(4 * pieceBytes);
  #given = 0;
  #end = 0;
  /** What may still become part of a match begins here; it holds #breaks line breaks. */
  #hold = 0;
  #breaks = 0;
  /** Offset of the current state's row, or −state where it has none. */
  #position = 0;
  #lastBreak = -2;
  #breaksInARow = 0;
  #stretches: Stretch[] = [];
  /** The last byte given out was masked, so an adjoining stretch needs no new mark. */
  #inMark = false;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
  }

  /** Takes the next bytes and gives out all that can no longer become part of a secret. The chunk may be reused after. */
  push(chunk: Uint8Array): Buffer {
    if (chunk.length <= pieceBytes) return this.#pushPiece(chunk);
    const output: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += pieceBytes) output.push(this.#pushPiece(chunk.subarray(at, at + pieceBytes)));
    return Buffer.concat(output);
  }

  /** The stream has ended: gives out what was held. */
  end(): Buffer {
    return this.#give(this.#end);
  }

  /** Bytes that are held back now. */
  get heldBytes(): number {
    return this.#end - this.#given;
  }

  #pushPiece(piece: Uint8Array): Buffer {
    this.#makeRoom(piece.length);
    this.#window.set(piece, this.#end);
    const begin = this.#end;
    this.#end += piece.length;
    this.#scan(begin);
    this.#moveHold();
    return this.#give(this.#hold);
  }

  #scan(begin: number): void {
    const { rows, rowOf, matched } = this.#automaton;
    const window = this.#window;
    const end = this.#end;
    let position = this.#position;
    let at = begin;
    while (at < end) {
      let state = 0;
      if (position >= 0) {
        let entry = rows[position + window[at]!]!;
        while (entry >= 0) {
          position = entry;
          at += 1;
          if (at === end) break;
          entry = rows[position + window[at]!]!;
        }
        if (at === end) break;
        if (entry === lineBreak) {
          position = this.#passBreak(at, position);
          at += 1;
          continue;
        }
        state = -entry;
      } else {
        const byte = window[at]!;
        if (isLineBreak(byte)) {
          position = this.#passBreak(at, position);
          at += 1;
          continue;
        }
        state = nextState(this.#automaton, -position, byte);
      }
      at += 1;
      if (matched[state]! > 0) this.#addMatch(at, matched[state]!);
      position = rowOf[state]! >= 0 ? rowOf[state]! : -state;
    }
    this.#position = position;
  }

  /** A line break changes no state, but it is where short beginnings are let go. Answers the position after it. */
  #passBreak(at: number, position: number): number {
    this.#breaksInARow = this.#lastBreak === at - 1 ? this.#breaksInARow + 1 : 1;
    this.#lastBreak = at;
    const isTooFar = this.#breaksInARow > maxLineBreaksInARow;
    if (isTooFar || this.#openAt(position) < minHeldCharacters) {
      this.#hold = at + 1;
      this.#breaks = 0;
    } else {
      this.#breaks += 1;
    }
    return isTooFar ? 0 : position;
  }

  #openAt(position: number): number {
    const { open, stateOfRow } = this.#automaton;
    return open[position >= 0 ? stateOfRow[position >> 8]! : -position]!;
  }

  /** Marks the last `length` characters before `end`. Walks each byte once: what is marked already is stepped over. */
  #addMatch(end: number, length: number): void {
    const window = this.#window;
    const before = this.#stretches.at(-1);
    if (before && before.end === end - 1 && (before.characters >= length - 1 || before.start <= this.#hold)) {
      before.end = end;
      before.characters += 1;
      return;
    }
    let start = end;
    let characters = 0;
    while (characters < length && start > this.#hold) {
      const last = this.#stretches.at(-1);
      if (last && last.end === start) {
        start = last.start;
        characters += last.characters;
        this.#stretches.pop();
      } else {
        start -= 1;
        if (!isLineBreak(window[start]!)) characters += 1;
      }
    }
    this.#stretches.push({ start, end, characters });
  }

  /** Moves the hold to where the longest beginning of a secret at the end starts, from the nearer side. */
  #moveHold(): void {
    const window = this.#window;
    const open = this.#openAt(this.#position);
    let spare = this.#end - this.#hold - this.#breaks - open;
    if (spare <= 0) return;
    if (open < spare) {
      let at = this.#end;
      let breaks = 0;
      for (let left = open; left > 0; at -= 1) {
        if (isLineBreak(window[at - 1]!)) breaks += 1;
        else left -= 1;
      }
      this.#hold = at;
      this.#breaks = breaks;
      return;
    }
    while (spare > 0 || (this.#hold < this.#end && isLineBreak(window[this.#hold]!))) {
      if (isLineBreak(window[this.#hold]!)) this.#breaks -= 1;
      else spare -= 1;
      this.#hold += 1;
    }
  }

  /** The bytes up to `end`, masked, as a copy. */
  #give(end: number): Buffer {
    if (end === this.#given) return nothing;
    const window = this.#window;
    const pieces: Buffer[] = [];
    let at = this.#given;
    let done = 0;
    for (const stretch of this.#stretches) {
      if (stretch.start >= end) break;
      if (stretch.start > at) {
        pieces.push(window.subarray(at, stretch.start));
        this.#inMark = false;
      }
      at = Math.min(stretch.end, end);
      stretch.characters -= this.#maskInto(pieces, stretch.start, at);
      stretch.start = at;
      if (stretch.end > end) break;
      done += 1;
    }
    if (done > 0) this.#stretches.splice(0, done);
    if (at < end) {
      pieces.push(window.subarray(at, end));
      this.#inMark = false;
    }
    this.#given = end;
    return Buffer.concat(pieces);
  }

  /** One mark for each line of the stretch; answers how many characters it covers. */
  #maskInto(pieces: Buffer[], start: number, end: number): number {
    const window = this.#window;
    let characters = 0;
    for (let at = start; at < end; at += 1) {
      if (isLineBreak(window[at]!)) {
        pieces.push(window.subarray(at, at + 1));
        this.#inMark = false;
        continue;
      }
      characters += 1;
      if (!this.#inMark) pieces.push(mark);
      this.#inMark = true;
    }
    return characters;
  }

  /** Moves what is held to the window's beginning when the end is reached; the window stays at least half free. */
  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#window.length) return;
    const held = this.#end - this.#given;
    const target = 2 * (held + bytes) > this.#window.length ? Buffer.allocUnsafe(4 * (held + bytes)) : this.#window;
    this.#window.copy(target, 0, this.#given, this.#end);
    this.#window = target;
    const shift = this.#given;
    for (const stretch of this.#stretches) {
      stretch.start -= shift;
      stretch.end -= shift;
    }
    this.#hold -= shift;
    this.#lastBreak -= shift;
    this.#end = held;
    this.#given = 0;
  }
}

function isLineBreak(byte: number): boolean {
  return byte === 0x0a || byte === 0x0d;
}
