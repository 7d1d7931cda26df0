import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Params } from '@redcontrol/contract';
import type { DaemonClient } from '@redcontrol/client/daemon-client';
import type { CommandContext } from '../cli/command-context.ts';

/** What is sent at a time; the daemon takes at most 1 MB. */
const maxSentBytes = 256 * 1024;

/** What a method that runs a program is told of the caller. */
export type SessionStart = Pick<Params<'app.exec'>, 'session' | 'terminal'>;

/**
 * Joins this process's streams to a program in a container, with a terminal of its own where this one has one: keys go
 * there as they are typed, Ctrl-C too, and it hears of every change of the window's size. Answers the exit code. `begin`
 * calls the method that runs the program.
 */
export async function runSession({ cli }: CommandContext, client: DaemonClient, begin: (session: SessionStart) => Promise<{ exitCode: number }>): Promise<number> {
  const session = randomUUID();
  const isTerminal = cli.stdin.isTTY === true && cli.stdout.isTTY === true;
  const terminal = isTerminal ? { terminal: sizeOf(cli) } : {};
  let writing = Promise.resolve();
  const stopHearing = client.on('app-output', (output) => {
    if (output.session !== session) return;
    const target = output.stream === 'stderr' ? cli.stderr : cli.stdout;
    writing = writing.then(async () => {
      if (!target.write(Buffer.from(output.data, 'base64'))) await once(target, 'drain');
    });
  });
  const running = begin({ session, ...terminal });
  const leave = isTerminal ? enterTerminal(cli, () => client.call('app.resize', { session, ...sizeOf(cli) }).catch(() => {})) : () => {};
  const ended = new AbortController();
  const sending = sendInput(client, { session, input: cli.stdin as AsyncIterable<Buffer | string>, ended: ended.signal });
  try {
    const { exitCode } = await running;
    await writing;
    return exitCode;
  } finally {
    ended.abort();
    leave();
    stopHearing();
    cli.stdin.destroy();
    await sending.catch(() => {});
  }
}

function sizeOf({ stdout }: CommandContext['cli']): { columns: number; rows: number } {
  return { columns: Math.min(stdout.columns || 80, 1000), rows: Math.min(stdout.rows || 24, 1000) };
}

/** Raw: no key is this process's any more. Answers what puts the terminal back. */
function enterTerminal({ stdin, stdout }: CommandContext['cli'], onResize: () => void): () => void {
  stdin.setRawMode?.(true);
  stdout.on('resize', onResize);
  return () => {
    stdout.off('resize', onResize);
    stdin.setRawMode?.(false);
  };
}

/** Gives a session what it reads, then its end. Each piece is answered before the next is sent, so a program that does not read holds its input back here. */
export async function sendInput(client: DaemonClient, { session, input, ended }: { session: string; input: AsyncIterable<Buffer | string>; ended: AbortSignal }): Promise<void> {
  try {
    for await (const chunk of input) {
      const bytes = Buffer.from(chunk as string);
      for (let at = 0; at < bytes.length; at += maxSentBytes) await send(client, { session, data: bytes.subarray(at, at + maxSentBytes).toString('base64') }, ended);
    }
    await send(client, { session, data: '', end: true }, ended);
  } catch {
    // The program has ended, or the connection: the call that runs it tells which.
  }
}

/** The session is there a moment after the call that makes it. */
async function send(client: DaemonClient, input: Params<'app.input'>, ended: AbortSignal): Promise<void> {
  for (let waitMs = 10; ; waitMs = Math.min(waitMs * 2, 250)) {
    ended.throwIfAborted();
    try {
      await client.call('app.input', input);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'NOT_FOUND') throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
