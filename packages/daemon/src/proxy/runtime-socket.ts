import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { RedControlError } from '@redcontrol/contract';

const answerLimitBytes = 64 * 1024 * 1024;
const defaultTimeoutMs = 10_000;
/** While the master starts itself anew at a reload its socket is not there: nothing was sent then, so it is asked again. */
const comesBackWithinMs = 2_000;
const askAgainMs = 20;

/**
 * One command on a socket of HAProxy's, to its whole answer. The socket takes one line (several commands with ";") and
 * closes after it. Throws PROXY_FAILED when HAProxy does not answer.
 */
export async function askHaproxy(socket: string, command: string, timeoutMs: number = defaultTimeoutMs): Promise<string> {
  for (const until = Date.now() + comesBackWithinMs; ; await delay(askAgainMs)) {
    try {
      return await askOnce(socket, command, timeoutMs);
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      if (code !== 'ECONNREFUSED' || Date.now() > until) throw error;
    }
  }
}

function askOnce(socket: string, command: string, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const connection = createConnection({ path: socket });
    const fail = (got: string, cause?: unknown) => {
      connection.destroy();
      reject(new RedControlError('PROXY_FAILED', `Expected HAProxy to answer at ${socket}, ${got}`, { cause, hint: 'See that HAProxy runs: systemctl status redcontrol-haproxy' }));
    };
    connection.setTimeout(timeoutMs, () => fail(`it did not within ${timeoutMs} ms`));
    connection.once('error', (error) => fail(`got ${error.message}`, error));
    connection.once('connect', () => connection.end(`${command}\n`));
    connection.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > answerLimitBytes) return fail(`got more than ${answerLimitBytes} bytes`);
      chunks.push(chunk);
    });
    connection.once('end', () => resolve(Buffer.concat(chunks).toString('utf8').trim()));
  });
}

/** Like askHaproxy, for commands that are silent, or say one of `allowed`, when they did what they were told. */
export async function tellHaproxy(socket: string, command: string, allowed: readonly RegExp[] = []): Promise<void> {
  const answer = await askHaproxy(socket, command);
  const lines = answer.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !allowed.some((pattern) => pattern.test(line)));
  if (lines.length > 0) throw new RedControlError('PROXY_FAILED', `Expected HAProxy to do "${command.split('\n')[0]?.slice(0, 200)}", got ${lines.join(' ').slice(0, 500)}`);
}
