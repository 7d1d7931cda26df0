import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RedControlError, formatBytes } from '@redcontrol/contract';
import { checksumOf } from './checksum.ts';
import type { SecretMask } from './mask/create-mask.ts';
import { throttle } from './throttle.ts';

export const defaultMaxLogBytes = 50 * 1024 ** 2;
/** A write waits for the disk when this much is not written yet. */
const maxWaitingBytes = 1024 ** 2;
/** Small writes are put together for at most `flushAfterMs`, or until they make up this much. */
const flushBytes = 64 * 1024;
/** Readers are told of growth at most this often: 20 times a second. */
const minGrowIntervalMs = 50;

export interface LogWriterOptions {
  path: string;
  /** Every byte of the program goes through it; lines of RedControl itself too. */
  mask: Pick<SecretMask, 'push' | 'end'>;
  /** Bytes of output kept; then a line says that the log was cut, and the rest is counted and dropped. Default 50 MiB. */
  maxBytes?: number;
  /** How long output may wait to be put together with what follows. Default 10. The first after a pause is written at once. */
  flushAfterMs?: number;
  /** Called with the file's length, at most 20 times a second and once at the end. */
  onGrow?: (totalBytes: number) => void;
}

export interface ClosedLog {
  /** Length of the file. */
  bytes: number;
  /** Of the whole file, in hex. */
  sha256: string;
}

/** A step's log while the step runs. */
export interface LogWriter {
  /**
   * Takes output, which must not be changed afterwards. Resolves when there is room for more: a caller that waits is held to the disk's speed and memory stays
   * bounded. Throws DISK_FULL or INTERNAL once the file cannot be written.
   */
  write(chunk: Buffer): Promise<void>;
  /**
   * Writes what is left, a note of RedControl's own where given, and how much was dropped. Never throws: after a failed
   * write it tells what did reach the file. A second call gives the same.
   */
  close(note?: string): Promise<ClosedLog>;
}

/**
 * Opens a log to append to. Nothing is synced to disk: a killed daemon loses at most what waits in memory, and the file is
 * still whole bytes in order, which closeLeftLog closes. A file that is there already is gone on with.
 */
export async function openLogWriter(options: LogWriterOptions): Promise<LogWriter> {
  try {
    await mkdir(dirname(options.path), { recursive: true });
    const file = await open(options.path, 'a', 0o640);
    return new FileLogWriter(options, { file, ...(await checksumOf(options.path)) });
  } catch (cause) {
    throw writeError(options.path, cause);
  }
}

class FileLogWriter implements LogWriter {
  readonly #options: LogWriterOptions;
  readonly #file: FileHandle;
  readonly #hash: Awaited<ReturnType<typeof checksumOf>>['hash'];
  readonly #maxBytes: number;
  readonly #flushAfterMs: number;
  readonly #grow: ReturnType<typeof throttle>;
  /** Masked bytes taken, which the limit is about; and bytes that are in the file. */
  #takenBytes: number;
  #fileBytes: number;
  #droppedBytes = 0;
  #endsLine = true;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastWriteMs = -Infinity;
  #failure: RedControlError | undefined;
  #closed: Promise<ClosedLog> | undefined;

  constructor(options: LogWriterOptions, start: { file: FileHandle; hash: Awaited<ReturnType<typeof checksumOf>>['hash']; bytes: number }) {
    this.#options = options;
    this.#file = start.file;
    this.#hash = start.hash;
    this.#takenBytes = start.bytes;
    this.#fileBytes = start.bytes;
    this.#maxBytes = options.maxBytes ?? defaultMaxLogBytes;
    this.#flushAfterMs = options.flushAfterMs ?? 10;
    this.#grow = throttle(() => options.onGrow?.(this.#fileBytes), minGrowIntervalMs);
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.#closed) throw new RedControlError('INTERNAL', `Expected no output after the log ${this.#options.path} was closed, got ${chunk.length} bytes`);
    if (this.#failure) throw this.#failure;
    if (this.#droppedBytes > 0) {
      this.#droppedBytes += chunk.length;
      return;
    }
    this.#take(this.#options.mask.push(chunk));
    this.#schedule();
    while (this.#waitingBytes > maxWaitingBytes && !this.#failure) await this.#flush();
    if (this.#failure) throw this.#failure;
  }

  close(note?: string): Promise<ClosedLog> {
    this.#closed ??= this.#close(note);
    return this.#closed;
  }

  async #close(note: string | undefined): Promise<ClosedLog> {
    clearTimeout(this.#timer);
    const held = this.#options.mask.end();
    if (this.#droppedBytes > 0) this.#droppedBytes += held.length;
    else this.#take(held);
    if (this.#droppedBytes > 0) this.#say(`${formatBytes(this.#droppedBytes)} (${this.#droppedBytes} bytes) more were dropped`);
    if (note !== undefined) this.#say(note);
    while ((this.#waitingBytes > 0 || this.#writing) && !this.#failure) await this.#flush();
    await this.#file.close().catch(() => {});
    this.#grow.end();
    return { bytes: this.#fileBytes, sha256: this.#hash.digest('hex') };
  }

  /** Keeps masked output up to the limit; what exceeds it is dropped, with a line that says so. */
  #take(masked: Buffer): void {
    const room = this.#maxBytes - this.#takenBytes;
    const kept = masked.length <= room ? masked : masked.subarray(0, characterBorder(masked, room));
    if (kept.length > 0) this.#add(kept);
    this.#takenBytes += kept.length;
    if (kept.length === masked.length) return;
    this.#droppedBytes = masked.length - kept.length;
    this.#say(`the log is cut here at ${formatBytes(this.#maxBytes)}; what follows is dropped`);
  }

  /** A line of RedControl's own, told from the program's by its beginning, always on a line of its own. */
  #say(text: string): void {
    this.#add(Buffer.from(`${this.#endsLine ? '' : '\n'}[redcontrol] ${text}\n`));
  }

  #add(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#endsLine = bytes.at(-1) === 0x0a;
  }

  /** Written at once after a pause; under load put together, so that single bytes do not become single writes. */
  #schedule(): void {
    if (this.#waitingBytes === 0 || this.#writing) return;
    const waitMs = this.#waitingBytes >= flushBytes ? 0 : this.#lastWriteMs + this.#flushAfterMs - performance.now();
    if (waitMs <= 0) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), waitMs);
  }

  /** One write at a time. Never rejects: a failure is kept for the next call of write. */
  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#writeWaiting().finally(() => {
      this.#writing = undefined;
      if (!this.#failure && !this.#closed) this.#schedule();
    });
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    const block = this.#waiting.length === 1 ? this.#waiting[0]! : Buffer.concat(this.#waiting, this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#lastWriteMs = performance.now();
    try {
      for (let at = 0; at < block.length; ) {
        const { bytesWritten } = await this.#file.write(block, at, block.length - at);
        this.#hash.update(block.subarray(at, at + bytesWritten));
        this.#fileBytes += bytesWritten;
        at += bytesWritten;
      }
      this.#grow.call();
    } catch (cause) {
      this.#failure = writeError(this.#options.path, cause);
      this.#waiting = [];
      this.#waitingBytes = 0;
    }
  }
}

/** The last place at or before `at` that does not split a UTF-8 character. */
function characterBorder(bytes: Buffer, at: number): number {
  let border = Math.max(0, at);
  for (let back = 0; back < 3 && border > 0 && (bytes[border]! & 0xc0) === 0x80; back += 1) border -= 1;
  return (bytes[border]! & 0xc0) === 0x80 ? Math.max(0, at) : border;
}

function writeError(path: string, cause: unknown): RedControlError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new RedControlError('DISK_FULL', `Expected room on the disk for the log ${path}, there is none`, { cause, hint: 'Free some disk, for example by removing old releases and logs.' });
  }
  return new RedControlError('INTERNAL', `Expected to write the log ${path}, got ${message}`, { cause });
}
