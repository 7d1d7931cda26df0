import { isErrorCode, RedControlError, type WireError } from '@redcontrol/contract';
import { ConnectionError, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';

/** LSPErrorCodes.RequestCancelled of the protocol that vscode-jsonrpc comes from. */
const requestCancelled = -32_800;

/** What a failed call means; undefined when it failed only because the connection ended. */
export function errorOfAnswer(error: unknown, { method, name }: { method: string; name: string }): RedControlError | undefined {
  if (error instanceof RedControlError) return error;
  if (error instanceof ConnectionError) return undefined;
  if (!(error instanceof ResponseError)) return undefined;
  const wire = error.data as Partial<WireError> | null | undefined;
  if (wire && typeof wire.code === 'string' && isErrorCode(wire.code)) {
    return new RedControlError(wire.code, String(wire.message ?? error.message), {
      ...(wire.hint ? { hint: String(wire.hint) } : {}),
      ...(wire.at ? { at: wire.at } : {}),
      ...(Array.isArray(wire.problems) ? { problems: wire.problems } : {}),
    });
  }
  switch (error.code) {
    case requestCancelled:
      return new RedControlError('CANCELLED', `${method} was cancelled`);
    case ErrorCodes.PendingResponseRejected:
    case ErrorCodes.MessageWriteError:
    case ErrorCodes.MessageReadError:
      return undefined;
    case ErrorCodes.MethodNotFound:
      return new RedControlError('CONTRACT_MISMATCH', `Expected the daemon on ${name} to know ${method}, it does not`, { hint: 'Run `redcontrol server upgrade`.' });
    default:
      return new RedControlError('INTERNAL', `Expected an answer to ${method} from ${name}, got an error: ${error.message}`);
  }
}
