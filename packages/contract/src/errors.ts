/** Every error code with the exit code of a command that ends with it. Each is explained in docs/errors.md. */
export const errorCodes = {
  CONFIG_INVALID: 2,
  CONFIG_NOT_FOUND: 2,
  USAGE: 2,
  NOT_FOUND: 3,
  CONFLICT: 3,
  FORBIDDEN: 4,
  CONTRACT_MISMATCH: 4,
  SSH_FAILED: 5,
  SSH_DENIED: 5,
  SSH_HOST_KEY: 5,
  SERVER_UNSUPPORTED: 5,
  DAEMON_UNREACHABLE: 5,
  INSTALL_FAILED: 5,
  REPOSITORY_UNREACHABLE: 6,
  REPOSITORY_EMPTY: 6,
  REF_NOT_FOUND: 6,
  COMMIT_VANISHED: 6,
  REF_NAME_INVALID: 6,
  FRAMEWORK_UNKNOWN: 7,
  IMAGE_UNAVAILABLE: 7,
  BUILD_FAILED: 7,
  STEP_FAILED: 7,
  STEP_TIMEOUT: 7,
  JOB_FAILED: 7,
  JOB_TIMEOUT: 7,
  SERVICE_NOT_READY: 7,
  MIGRATION_FAILED: 7,
  RELEASE_NOT_READY: 7,
  RELEASE_CRASHED: 7,
  RELEASE_WRONG_IMAGE: 7,
  RELEASE_SUPERSEDED: 7,
  DATABASE_UPGRADE_REFUSED: 7,
  BACKUP_FAILED: 7,
  BACKUP_CORRUPT: 7,
  PREVIEW_FAILED: 7,
  PROXY_FAILED: 7,
  CERTIFICATE_FAILED: 7,
  WEBHOOK_REFUSED: 7,
  CHANNEL_FAILED: 7,
  SECRET_MISSING: 7,
  SECRET_UNREADABLE: 7,
  SECRET_KEY_REFUSED: 8,
  DISK_FULL: 8,
  LIMIT_REACHED: 8,
  ENGINE_UNAVAILABLE: 8,
  COMMAND_FAILED: 1,
  INTERRUPTED: 1,
  CANCELLED: 130,
  INTERNAL: 1,
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** A place in a text file; line and column count from 1. */
export interface FilePlace {
  file?: string | undefined;
  line: number;
  column: number;
}

/** One of several things that an error is about, e.g. each wrong line of a configuration. */
export interface ErrorProblem {
  message: string;
  hint?: string | undefined;
  at?: FilePlace | undefined;
}

export interface ErrorDetails {
  /** What to do about it, one sentence. */
  hint?: string;
  cause?: unknown;
  /** Where in a file: for configuration errors. */
  at?: FilePlace;
  /** All that is wrong, when the error is about more than one thing; `message` tells the first. */
  problems?: readonly ErrorProblem[];
}

/**
 * The one error class. `message` says what was expected and what came ("Expected …, got …"),
 * `hint` what to do. Thrown inside, logged once at the edge.
 */
export class RedControlError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly at: ErrorDetails['at'];
  readonly problems: readonly ErrorProblem[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'RedControlError';
    this.code = code;
    this.hint = details.hint;
    this.at = details.at;
    this.problems = details.problems ?? [];
  }

  toJSON(): WireError {
    return {
      code: this.code,
      message: this.message,
      hint: this.hint,
      at: this.at,
      ...(this.problems.length > 0 ? { problems: this.problems } : {}),
    };
  }
}

/** What crosses a border of an error: never a stack, never a cause. */
export interface WireError {
  code: ErrorCode;
  message: string;
  hint?: string | undefined;
  at?: ErrorDetails['at'];
  problems?: readonly ErrorProblem[];
}

/** Any thrown value as a RedControlError: a full disk as DISK_FULL; what is unknown becomes INTERNAL with its message. */
export function asRedControlError(thrown: unknown): RedControlError {
  if (thrown instanceof RedControlError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (isDiskFull(thrown)) return new RedControlError('DISK_FULL', `Expected room on the disk, got: ${message}`, { cause: thrown, hint: 'Free some disk, then run it again.' });
  return new RedControlError('INTERNAL', message, { cause: thrown });
}

/** The number that SQLite has for a full disk. */
const sqliteFull = 13;

/** As the operating system and SQLite say it. */
function isDiskFull(thrown: unknown): boolean {
  const { code, errcode } = (thrown ?? {}) as { code?: unknown; errcode?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || (code === 'ERR_SQLITE_ERROR' && errcode === sqliteFull);
}

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes, text);
}
