import type { Operation, Progress } from '@redcontrol/contract';

/** One repeatable thing to do on a server: what it is in words, and how it is done. */
export interface InstallOperation extends Operation {
  /** Shell condition, as root: true when the result is there. Looked at before (then skipped) and after (else failed). */
  check: string;
  /** Shell commands, as root, under `set -eu`; `$1` … are `arguments`. A failure in between may be repeated from the start. */
  script: string;
  arguments: string[];
  /** Content for the script's standard input. */
  upload?: Upload;
}

export type Upload =
  | { kind: 'file'; path: string; sha256: string }
  /** Node's own executable for the server; applying finds or fetches it. */
  | { kind: 'node'; version: string; architecture: string };

/** What an installation is to reach. */
export interface WantedInstall {
  daemon: {
    /** Path of the bundle on this computer. */
    path: string;
    version: string;
    /** Hex SHA-256 of the bundle. */
    sha256: string;
  };
  /** Node's version without "v". */
  nodeVersion: string;
  /** Whether the server is to run virtual machines; what it has for them already stays also without. */
  machines?: boolean;
}

export interface WorkOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}
