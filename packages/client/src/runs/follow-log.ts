import { createHash } from 'node:crypto';
import { RedControlError } from '@redcontrol/contract';
import type { DaemonClient } from '../daemon-client.ts';
import { createBell } from './bell.ts';

/** How long no announcement of new bytes is trusted; then the log is asked for again. */
const lookAgainMs = 2_000;

export interface LogOptions {
  /** Called with the bytes in order, none twice, none left out. */
  onBytes: (bytes: Buffer) => void | Promise<void>;
  signal: AbortSignal;
  /** Wait for what is still to come, until the log is closed; left out: only what is there now. */
  follow?: boolean;
}

/**
 * Reads a step's log from its beginning; a closed log is proven by its checksum.
 * Throws INTERNAL when the checksum differs, and what the daemon answers.
 */
export async function readStepLog(client: DaemonClient, { run, step }: { run: number; step: number }, { onBytes, signal, follow }: LogOptions): Promise<void> {
  const hash = createHash('sha256');
  const growth = createBell();
  const stop = client.on('log', (log) => log.run === run && log.step === step && growth.ring());
  try {
    for (let offset = 0; ; ) {
      const part = await client.call('log.read', { run, step, offset }, { signal });
      const bytes = Buffer.from(part.data, 'base64');
      hash.update(bytes);
      if (bytes.length > 0) await onBytes(bytes);
      offset = part.nextOffset;
      if (offset < part.totalBytes) continue;
      if (part.closed) return verify(hash.digest('hex'), { run, step, expected: part.sha256 });
      if (!follow) return;
      await growth.next(signal, lookAgainMs);
    }
  } finally {
    stop();
  }
}

function verify(found: string, { run, step, expected }: { run: number; step: number; expected: string | null }): void {
  if (expected === null || expected === found) return;
  throw new RedControlError('INTERNAL', `Expected the log of step ${step} of run ${run} with the SHA-256 ${expected}, got ${found}`, { hint: 'Read it again; if it stays, the disk of the server may be damaged.' });
}
