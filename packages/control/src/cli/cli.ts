import type { Readable, Writable } from 'node:stream';

/** The process around a command: what it reads, writes and may be stopped by. Tests give their own. */
export interface Cli {
  stdin: Readable & { isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown };
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  stderr: Writable & { isTTY?: boolean; columns?: number };
  /** Folder that relative paths start from. */
  folder: string;
  variables: Record<string, string | undefined>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends the process with another program's exit code, when the command has succeeded. */
  endWith?(exitCode: number): void;
  /** Fires at the first Ctrl-C. */
  signal: AbortSignal;
}

/** Options that every command takes. */
export interface GlobalOptions {
  /** Path of redcontrol.yml; left out: looked for in this folder and those above. */
  config?: string;
  /** Name of one of the configuration's servers. */
  server?: string;
  /** Project, where no configuration file says it. */
  project?: string;
  /** Private key for SSH. */
  identity?: string;
  /** OpenSSH configuration file, as ssh's -F. */
  sshConfig?: string;
  /** Unix socket of a daemon on this machine, instead of SSH. */
  socket?: string;
  acceptHostKey?: string;
  json?: boolean;
  /** false: --no-color. */
  color?: boolean;
}

/** Whether a person is there who can be asked. */
export function isInteractive(cli: Cli): boolean {
  return cli.stdin.isTTY === true && cli.stderr.isTTY === true;
}
