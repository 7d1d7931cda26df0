import { createWriteStream } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RedControlError } from '@redcontrol/contract';
import type { Engine } from '../engine/index.ts';
import type { Machine } from './machine.ts';
import { connectWhenThere } from './qemu/qmp.ts';

/** What a machine may send at most: its guest is not trusted with the server's disk. */
const maxArchiveBytes = 16 * 1024 ** 3;
const socketTimeoutMs = 10_000;
const packTimeoutMs = 600_000;
const sendTimeoutMs = 600_000;

const machines = new WeakMap<Engine, Machine>();

/** Lets `machineOf` find a machine by its engine. */
export function rememberMachine(machine: Machine): void {
  machines.set(machine.engine, machine);
}

/** The running machine that an engine is in; undefined for the server's own. */
export function machineOf(engine: Engine): Machine | undefined {
  return machines.get(engine);
}

/**
 * Writes an archive of an image that is in a machine, without so many of its lowest layers, as `docker load` takes it.
 * The guest makes it from what the engine keeps, past the engine, which packs all layers and sends them by TLS: minutes
 * without KVM. Throws COMMAND_FAILED.
 */
export async function takeImage(machine: Machine, options: { id: string; leftOut: number; file: string; signal?: AbortSignal }): Promise<void> {
  const { id, leftOut, file } = options;
  const signals = options.signal ? [options.signal] : [];
  const socket = await connectWhenThere(join(machine.directory, 'data.sock'), { timeoutMs: socketTimeoutMs });
  try {
    const bytes = Number(await machine.ask(`save ${id.replace(/^sha256:/, '')} ${leftOut}`, { timeoutMs: packTimeoutMs, ...(options.signal ? { signal: options.signal } : {}) }));
    if (!(bytes > 0 && bytes <= maxArchiveBytes)) throw new RedControlError('COMMAND_FAILED', `Expected an image of at most ${maxArchiveBytes} bytes, got ${bytes}`);
    await pipeline(firstBytes(socket, bytes), createWriteStream(file, { mode: 0o600 }), { signal: AbortSignal.any([AbortSignal.timeout(sendTimeoutMs), ...signals]) });
  } finally {
    socket.destroy();
  }
}

async function* firstBytes(socket: Socket, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
  throw new RedControlError('COMMAND_FAILED', `Expected an image of ${bytes} bytes, ${left} of them did not come`);
}
