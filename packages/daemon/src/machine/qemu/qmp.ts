import { createConnection, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { RedControlError } from '@redcontrol/contract';

/** QEMU's own control socket: JSON lines (QEMU Machine Protocol). */
export interface Qmp {
  /** Throws COMMAND_FAILED with what QEMU says. */
  run(command: string, parameters?: Record<string, unknown>): Promise<unknown>;
  close(): void;
}

interface Reply {
  return?: unknown;
  error?: { desc: string };
  event?: string;
  QMP?: unknown;
}

/** Connects as soon as QEMU listens. Throws COMMAND_FAILED when it does not within `timeoutMs`. */
export async function connectQmp(path: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Qmp> {
  const socket = await connectWhenThere(path, options);
  const waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  const fail = (error: Error) => {
    for (const one of waiting.splice(0)) one.reject(error);
  };
  socket.on('error', () => {});
  socket.on('close', () => fail(new RedControlError('COMMAND_FAILED', 'Expected QEMU to answer, it has ended')));
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const reply = JSON.parse(line) as Reply;
      if (reply.event !== undefined || reply.QMP !== undefined) continue;
      const one = waiting.shift();
      if (reply.error) one?.reject(new RedControlError('COMMAND_FAILED', `Expected QEMU to do it, got: ${reply.error.desc}`));
      else one?.resolve(reply.return);
    }
  });
  const run = (command: string, parameters: Record<string, unknown> = {}) =>
    new Promise<unknown>((resolve, reject) => {
      if (socket.destroyed) return reject(new RedControlError('COMMAND_FAILED', 'Expected QEMU to answer, it has ended'));
      waiting.push({ resolve, reject });
      socket.write(`${JSON.stringify({ execute: command, arguments: parameters })}\n`);
    });
  await run('qmp_capabilities');
  return { run, close: () => socket.destroy() };
}

/** Connects to a unix socket that another program is about to make. */
export async function connectWhenThere(path: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<Socket> {
  const until = Date.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const socket = await tryConnect(path);
    if (socket) return socket;
    if (Date.now() > until) throw new RedControlError('COMMAND_FAILED', `Expected QEMU to listen on ${path} within ${options.timeoutMs} ms, it does not`);
    await delay(10);
  }
}

function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      // Who waits for an answer sees the end; an error after that must not end the daemon.
      socket.on('error', () => {});
      resolve(socket);
    });
    socket.once('error', () => resolve(undefined));
  });
}
