/** Bytes that are read, counted and kept as one. */
export const chunkBytes = 262_144;
/** Chunks whose bytes are kept; of the others only the number of lines is known. 12 MB in all. */
const maxLoadedChunks = 48;
/** Chunks read at once. */
const maxReads = 4;
/** Until something was read: a guess at the length of a line. */
const guessedLineBytes = 80;
const newline = 10;

export interface LogPiece {
  bytes: Uint8Array;
  totalBytes: number;
  closed: boolean;
}

export type ReadLog = (offset: number, limit: number) => Promise<LogPiece>;

/** A line by the chunk in which the line break before it stands; `line` counts from 0 within that chunk. */
export interface LogPlace {
  chunk: number;
  line: number;
}

interface Chunk {
  /** Line breaks in the chunk as far as it was read. */
  breaks: number;
  readBytes: number;
  loaded: { bytes: Uint8Array; breakAt: number[] } | undefined;
}

/**
 * A log of any length, read in pieces where somebody looks. Line numbers are exact where all before was read, and
 * estimated elsewhere; a place (chunk and line within) stays what it is when estimates become exact.
 */
export class ChunkedLog {
  totalBytes = 0;
  closed = false;
  error: unknown = undefined;
  /** Counts up with every change, for React. */
  version = 0;
  private readonly read: ReadLog;
  private readonly chunks: Chunk[] = [];
  private readonly reading = new Map<number, Promise<void>>();
  private readonly recent = new Set<number>();
  private readonly listeners = new Set<() => void>();
  private readonly decoder = new TextDecoder();

  constructor(read: ReadLog) {
    this.read = read;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): number => this.version;

  /** Says how long the log is now, as the server announces it. */
  setLength(totalBytes: number, closed: boolean): void {
    if (totalBytes <= this.totalBytes && closed === this.closed) return;
    this.totalBytes = Math.max(totalBytes, this.totalBytes);
    this.closed = closed;
    // What is shown of the end has to grow with it.
    const last = this.chunkCount - 1;
    if (this.chunks[last]?.loaded && !this.isLoaded(last)) void this.load(last);
    this.changed();
  }

  /** Tries again what failed. */
  retry(): void {
    if (this.error === undefined) return;
    this.error = undefined;
    this.changed();
  }

  get chunkCount(): number {
    return Math.ceil(this.totalBytes / chunkBytes);
  }

  /** All lines; without the empty one after a last line break. */
  get lineCount(): number {
    if (this.totalBytes === 0) return 0;
    let breaks = 0;
    for (let chunk = 0; chunk < this.chunkCount; chunk += 1) breaks += this.breaksOf(chunk);
    return breaks + (this.endsWithBreak() ? 0 : 1);
  }

  /** Whether every byte before this chunk was counted, so that line numbers are exact there. */
  isExactBefore(chunk: number): boolean {
    for (let index = 0; index < chunk; index += 1) if (!this.isRead(index)) return false;
    return true;
  }

  placeOf(line: number): LogPlace {
    let first = 0;
    for (let chunk = 0; chunk < this.chunkCount; chunk += 1) {
      const lines = this.linesOf(chunk);
      if (line < first + lines || chunk === this.chunkCount - 1) return { chunk, line: Math.max(0, line - first) };
      first += lines;
    }
    return { chunk: 0, line: 0 };
  }

  lineAt({ chunk, line }: LogPlace): number {
    let first = 0;
    for (let index = 0; index < chunk; index += 1) first += this.linesOf(index);
    return first + Math.min(line, Math.max(0, this.linesOf(chunk) - 1));
  }

  /** The text of a line, or undefined while it is on its way. Asks for what is missing. */
  textAt(line: number): string | undefined {
    const place = this.placeOf(line);
    const bytes = this.lineBytes(place.chunk, place.line);
    return bytes === undefined ? undefined : this.decoder.decode(bytes);
  }

  /** Reads a chunk if needed and gives the lines that belong to it. */
  async linesIn(chunk: number): Promise<string[]> {
    await this.load(chunk);
    if (chunk + 1 < this.chunkCount) await this.load(chunk + 1);
    const count = this.linesOf(chunk);
    return Array.from({ length: count }, (_, line) => {
      const bytes = this.lineBytes(chunk, line);
      return bytes ? this.decoder.decode(bytes) : '';
    });
  }

  /** Loads a chunk, or what was added to it. */
  load(chunk: number): Promise<void> {
    const known = this.reading.get(chunk);
    if (known) return known;
    if (chunk >= this.chunkCount || this.isLoaded(chunk)) {
      this.touch(chunk);
      return Promise.resolve();
    }
    if (this.reading.size >= maxReads) return Promise.race(this.reading.values()).then(() => this.load(chunk));
    const reading = this.readChunk(chunk).finally(() => this.reading.delete(chunk));
    this.reading.set(chunk, reading);
    return reading;
  }

  private async readChunk(chunk: number): Promise<void> {
    const before = this.chunks[chunk];
    const kept = before?.loaded?.bytes ?? new Uint8Array();
    const start = chunk * chunkBytes;
    try {
      const piece = await this.read(start + kept.length, chunkBytes - kept.length);
      const bytes = new Uint8Array(kept.length + piece.bytes.length);
      bytes.set(kept);
      bytes.set(piece.bytes, kept.length);
      const breakAt = breaksIn(bytes);
      this.chunks[chunk] = { breaks: breakAt.length, readBytes: bytes.length, loaded: { bytes, breakAt } };
      this.totalBytes = Math.max(this.totalBytes, piece.totalBytes);
      this.closed = piece.closed;
      this.error = undefined;
      this.touch(chunk);
    } catch (error) {
      this.error = error;
    }
    this.changed();
  }

  private lineBytes(chunk: number, line: number): Uint8Array | undefined {
    const loaded = this.chunks[chunk]?.loaded;
    if (!loaded) {
      if (this.error === undefined) void this.load(chunk);
      return undefined;
    }
    // Line 0 of the first chunk has no line break before it.
    const breakIndex = chunk === 0 ? line - 1 : line;
    const start = breakIndex < 0 ? 0 : (loaded.breakAt[breakIndex] ?? loaded.bytes.length) + 1;
    const end = loaded.breakAt[breakIndex + 1];
    if (end !== undefined) return loaded.bytes.subarray(start, end);
    if (!this.isLoaded(chunk)) void this.load(chunk);
    const rest = loaded.bytes.subarray(Math.min(start, loaded.bytes.length));
    if (chunk + 1 >= this.chunkCount) return rest;
    const next = this.chunks[chunk + 1]?.loaded;
    if (!next) {
      if (this.error === undefined) void this.load(chunk + 1);
      return rest;
    }
    // A line longer than a chunk is cut: it is shown, and can be downloaded whole.
    const head = next.bytes.subarray(0, next.breakAt[0] ?? next.bytes.length);
    const whole = new Uint8Array(rest.length + head.length);
    whole.set(rest);
    whole.set(head, rest.length);
    return whole;
  }

  private linesOf(chunk: number): number {
    const isLast = chunk === this.chunkCount - 1;
    return this.breaksOf(chunk) + (chunk === 0 ? 1 : 0) - (isLast && this.endsWithBreak() ? 1 : 0);
  }

  private breaksOf(chunk: number): number {
    const known = this.chunks[chunk];
    const length = this.lengthOf(chunk);
    if (known && known.readBytes >= length) return known.breaks;
    const density = this.breaksPerByte();
    if (known) return known.breaks + Math.round((length - known.readBytes) * density);
    return Math.max(1, Math.round(length * density));
  }

  private breaksPerByte(): number {
    let breaks = 0;
    let bytes = 0;
    for (const chunk of this.chunks) {
      if (!chunk) continue;
      breaks += chunk.breaks;
      bytes += chunk.readBytes;
    }
    return bytes === 0 ? 1 / guessedLineBytes : Math.max(breaks, 0.5) / bytes;
  }

  private endsWithBreak(): boolean {
    const loaded = this.chunks[this.chunkCount - 1]?.loaded;
    return loaded?.bytes.at(-1) === newline;
  }

  private lengthOf(chunk: number): number {
    return Math.min(chunkBytes, this.totalBytes - chunk * chunkBytes);
  }

  private isRead(chunk: number): boolean {
    return (this.chunks[chunk]?.readBytes ?? 0) >= this.lengthOf(chunk);
  }

  private isLoaded(chunk: number): boolean {
    return (this.chunks[chunk]?.loaded?.bytes.length ?? -1) >= this.lengthOf(chunk);
  }

  private touch(chunk: number): void {
    if (!this.chunks[chunk]?.loaded) return;
    this.recent.delete(chunk);
    this.recent.add(chunk);
    if (this.recent.size <= maxLoadedChunks) return;
    for (const oldest of this.recent) {
      // The last chunk says whether the log ends with a line break.
      if (oldest === this.chunkCount - 1) continue;
      this.recent.delete(oldest);
      const known = this.chunks[oldest];
      if (known) known.loaded = undefined;
      break;
    }
  }

  private changed(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}

function breaksIn(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) found.push(at);
  return found;
}
