import { RedControlError, type ErrorCode } from '@redcontrol/contract';
import type { Engine } from './engine.ts';

/**
 * Runs one conversation with the engine; whatever it throws becomes a RedControlError.
 * `task` completes "Expected to …".
 */
export async function askEngine<T>(engine: Engine, task: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (thrown) {
    throw engineError(engine, task, thrown);
  }
}

/** ENGINE_UNAVAILABLE, NOT_FOUND, CONFLICT, DISK_FULL, IMAGE_UNAVAILABLE, CANCELLED, or COMMAND_FAILED for the rest. */
export function engineError(engine: Engine, task: string, thrown: unknown): RedControlError {
  if (thrown instanceof RedControlError) return thrown;
  const said = messageOf(thrown);
  const code = codeOf(thrown, said);
  const hint = hints[code]?.(engine);
  return new RedControlError(code, `Expected to ${task}, got: ${said}`, { cause: thrown, ...(hint ? { hint } : {}) });
}

/** HTTP status of an answer of the engine, or undefined when it was no answer. */
export function engineStatus(thrown: unknown): number | undefined {
  const status = (thrown as { statusCode?: unknown } | undefined)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

const hints: Partial<Record<ErrorCode, (engine: Engine) => string>> = {
  ENGINE_UNAVAILABLE: (engine) => `Start the Docker Engine of ${engine.name} (socket ${engine.socketPath}) and see that this user may use it.`,
  DISK_FULL: () => 'Free space on the disk that holds the engine\'s data, or remove old images and releases.',
};

const connectionErrors = new Set(['ECONNREFUSED', 'ENOENT', 'EACCES', 'EPERM', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);
const noSuchImage = /no such image|manifest unknown|manifest for .* not found|pull access denied|toomanyrequests|repository does not exist/i;

function codeOf(thrown: unknown, said: string): ErrorCode {
  const { name, code } = (thrown ?? {}) as { name?: string; code?: string };
  if (name === 'AbortError' || code === 'ABORT_ERR') return 'CANCELLED';
  if (/no space left on device|disk quota exceeded/i.test(said)) return 'DISK_FULL';
  if (noSuchImage.test(said)) return 'IMAGE_UNAVAILABLE';
  const status = engineStatus(thrown);
  if (status === undefined && code !== undefined && connectionErrors.has(code)) return 'ENGINE_UNAVAILABLE';
  if (status === 404) return 'NOT_FOUND';
  if (status === 409) return 'CONFLICT';
  return 'COMMAND_FAILED';
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const json = (thrown as { json?: { message?: unknown } }).json;
  return typeof json?.message === 'string' ? json.message : thrown.message.trim();
}
