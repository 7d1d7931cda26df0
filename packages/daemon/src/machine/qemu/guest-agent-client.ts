import type { Socket } from 'node:net';
import { RedControlError } from '@redcontrol/contract';
import { connectWhenThere } from './qmp.ts';

/** What the guest does when it is asked: see guest-agent.ts. */
export interface GuestAgent {
  /** One line to the guest, its answer back. Throws COMMAND_FAILED with what the guest says, or when it is silent. */
  ask(line: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<string>;
  /** Called when the machine's process has ended, or close() was called. */
  onEnd(listener: () => void): void;
  close(): void;
}

/** An answer is a line; a guest that sends more is broken or hostile. */
const maxAnswerBytes = 64 * 1024;

export async function connectAgent(path: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<GuestAgent> {
  const socket = await connectWhenThere(path, options);
  socket.on('error', () => {});
  let turn: Promise<unknown> = Promise.resolve();
  return {
    ask(line, asked) {
      const answer = turn.catch(() => {}).then(() => askNow(socket, line, asked));
      turn = answer;
      return answer;
    },
    onEnd: (listener) => void socket.once('close', listener),
    close: () => socket.destroy(),
  };
}

function askNow(socket: Socket, line: string, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal }): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const name = line.split(' ')[0];
    const end = (error: Error | undefined, answer = '') => {
      clearTimeout(timer);
      socket.off('data', onData).off('close', onClose);
      signal?.removeEventListener('abort', onAbort);
      if (error) reject(error);
      else resolve(answer);
    };
    const onData = (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.length > maxAnswerBytes) return end(failed(`Expected the machine to answer ${name} with a line, got more than ${maxAnswerBytes} bytes`));
      if (!text.includes('\n')) return;
      const answer = text.slice(0, text.indexOf('\n'));
      if (answer.startsWith('failed')) end(failed(`Expected the machine to do ${name}, got: ${answer.slice(7, 2000)}`));
      else end(undefined, answer);
    };
    const onClose = () => end(failed(`Expected the machine to answer ${name}, it has ended`));
    const onAbort = () => end(new RedControlError('CANCELLED', 'The machine is no longer waited for'));
    const timer = setTimeout(() => end(failed(`Expected the machine to answer ${name} within ${timeoutMs} ms, it did not`)), timeoutMs);
    socket.on('data', onData).on('close', onClose);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) return onAbort();
    if (socket.destroyed) return onClose();
    socket.write(`${line}\n`);
  });
}

function failed(message: string): RedControlError {
  return new RedControlError('COMMAND_FAILED', message);
}
