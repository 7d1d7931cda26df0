import { RedControlError, formatBytes } from '@redcontrol/contract';

/** A limit on what masking may hold in memory: about 14 bytes for each byte of pattern. */
export const maxPatternBytes = 16 * 1024 ** 2;

/** In a row of transitions: this byte is a line break, which changes no state. */
export const lineBreak = -0x7fffffff;

/**
 * All patterns as one Aho-Corasick automaton over bytes: one look per byte of text, whatever the number of patterns and
 * however nearly the text matches them. States are numbered so that the first child of state s is s + 1.
 *
 * The root, its children and the states with several children have a full row of 256 transitions; the long unbranched
 * tails, nearly all states, hold the one byte they want and fall back along `fail`. So a megabyte of patterns takes
 * tens of megabytes and not a gigabyte, while ordinary text is decided in the rows.
 */
export interface Automaton {
  /** Rows of 256 transitions. ≥ 0: offset of the next row; < 0: −state, to be looked at closely; or `lineBreak`. */
  rows: Int32Array;
  /** State of the row at offset r: stateOfRow[r >> 8]. */
  stateOfRow: Int32Array;
  /** Offset of the state's row, or −1. */
  rowOf: Int32Array;
  /** The byte that leads from state s to s + 1, or 256 where there is no single one. Only for states without a row. */
  wanted: Uint16Array;
  /** State of the longest proper suffix that is also a beginning of a pattern. */
  fail: Int32Array;
  /** Length of the end of the text that may still become a match, or a longer one. */
  open: Int32Array;
  /** Length of the longest pattern that ends here, 0 for none. */
  matched: Int32Array;
}

/** Builds the automaton. Patterns hold no line breaks. Throws LIMIT_REACHED when they are too many to hold. */
export function buildAutomaton(patterns: readonly Buffer[]): Automaton {
  const sorted = distinct(patterns);
  const bytes = sorted.reduce((sum, pattern) => sum + pattern.length, 0);
  if (bytes > maxPatternBytes) {
    throw new RedControlError('LIMIT_REACHED', `Expected secrets whose forms take at most ${formatBytes(maxPatternBytes)}, got ${formatBytes(bytes)}`, {
      hint: 'Keep large files out of secrets: put them into a volume, or keep only their key as a secret.',
    });
  }
  const trie = buildTrie(sorted, bytes + 1);
  return link(trie);
}

function distinct(patterns: readonly Buffer[]): Buffer[] {
  const sorted = patterns.filter((pattern) => pattern.length > 0).toSorted(Buffer.compare);
  return sorted.filter((pattern, at) => at === 0 || !pattern.equals(sorted[at - 1]!));
}

interface Trie {
  size: number;
  /** Byte on the edge into each state. */
  label: Uint8Array;
  depth: Int32Array;
  matched: Int32Array;
  /** Second and further children; the first is state + 1 where hasChild says so. */
  siblings: Map<number, number[]>;
  hasChild: Uint8Array;
}

/** Sorted patterns give the states in depth-first order: each adds a tail behind what it shares with the one before. */
function buildTrie(sorted: readonly Buffer[], capacity: number): Trie {
  const trie: Trie = {
    size: 1, label: new Uint8Array(capacity), depth: new Int32Array(capacity), matched: new Int32Array(capacity),
    siblings: new Map(), hasChild: new Uint8Array(capacity),
  };
  let path: number[] = [0];
  let previous: Buffer = Buffer.alloc(0);
  for (const pattern of sorted) {
    let shared = 0;
    while (shared < previous.length && previous[shared] === pattern[shared]) shared += 1;
    path = path.slice(0, shared + 1);
    for (let at = shared; at < pattern.length; at += 1) path.push(addChild(trie, path[at]!, pattern[at]!));
    trie.matched[path.at(-1)!] = pattern.length;
    previous = pattern;
  }
  return trie;
}

function addChild(trie: Trie, parent: number, byte: number): number {
  const state = trie.size;
  trie.size += 1;
  trie.label[state] = byte;
  trie.depth[state] = trie.depth[parent]! + 1;
  if (trie.hasChild[parent] === 0) {
    trie.hasChild[parent] = 1;
    return state;
  }
  const siblings = trie.siblings.get(parent);
  if (siblings) siblings.push(state);
  else trie.siblings.set(parent, [state]);
  return state;
}

function childrenOf(trie: Trie, state: number): number[] {
  if (trie.hasChild[state] === 0) return [];
  return [state + 1, ...(trie.siblings.get(state) ?? [])];
}

/** Fills failure links, matches through them, and the rows, in order of depth so that what is shorter is done before. */
function link(trie: Trie): Automaton {
  const { size, label, depth, matched, siblings, hasChild } = trie;
  const stateOfRow = new Int32Array(rowStates(trie));
  const rowOf = new Int32Array(size).fill(-1);
  stateOfRow.forEach((state, row) => (rowOf[state] = row << 8));
  const automaton: Automaton = { rows: new Int32Array(stateOfRow.length << 8), stateOfRow, rowOf, wanted: new Uint16Array(size).fill(256), fail: new Int32Array(size), open: depth, matched };

  const queue = new Int32Array(size);
  let queued = 1;
  for (let next = 0; next < queued; next += 1) {
    const state = queue[next]!;
    const children = siblings.has(state) || rowOf[state]! >= 0 ? childrenOf(trie, state) : hasChild[state] === 1 ? [state + 1] : [];
    for (const child of children) {
      const fail = state === 0 ? 0 : nextState(automaton, automaton.fail[state]!, label[child]!);
      automaton.fail[child] = fail;
      if (matched[child] === 0) matched[child] = matched[fail]!;
      if (hasChild[child] === 0) automaton.open[child] = automaton.open[fail]!;
      queue[queued] = child;
      queued += 1;
    }
    if (rowOf[state]! >= 0) fillRow(automaton, state, children.map((child) => [label[child]!, child]));
    else if (hasChild[state] === 1) automaton.wanted[state] = label[state + 1]!;
  }
  return automaton;
}

function rowStates(trie: Trie): number[] {
  const states = new Set([0, ...childrenOf(trie, 0), ...trie.siblings.keys()]);
  return [...states];
}

function fillRow(automaton: Automaton, state: number, children: [byte: number, child: number][]): void {
  const { rows, rowOf, fail } = automaton;
  const start = rowOf[state]!;
  if (state !== 0) {
    for (let byte = 0; byte < 256; byte += 1) rows[start + byte] = entryOf(automaton, nextState(automaton, fail[state]!, byte));
  }
  for (const [byte, child] of children) rows[start + byte] = entryOf(automaton, child);
  rows[start + 0x0a] = lineBreak;
  rows[start + 0x0d] = lineBreak;
}

/** A state as a row holds it: its row's offset when nothing ends there, so that the fast loop needs no other look. */
function entryOf({ rowOf, matched }: Automaton, state: number): number {
  return rowOf[state]! >= 0 && matched[state] === 0 ? rowOf[state]! : -state;
}

/** The state after one more byte (no line break). Each step back along `fail` is paid for by an earlier step forward. */
export function nextState(automaton: Automaton, from: number, byte: number): number {
  const { rows, stateOfRow, rowOf, wanted, fail } = automaton;
  let state = from;
  while (rowOf[state]! < 0) {
    if (wanted[state] === byte) return state + 1;
    state = fail[state]!;
  }
  const entry = rows[rowOf[state]! + byte]!;
  return entry >= 0 ? stateOfRow[entry >> 8]! : -entry;
}
