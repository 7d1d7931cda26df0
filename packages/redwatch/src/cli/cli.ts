import type { Readable, Writable } from 'node:stream';

/** The process around a command. Tests give their own. */
export interface Cli {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean; columns?: number };
  stderr: Writable & { isTTY?: boolean };
  /** Folder whose repository is meant. */
  folder: string;
  variables: Record<string, string | undefined>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Fires at the first Ctrl-C. */
  signal: AbortSignal;
}
