import { openLogWriter } from '../logs/index.ts';
import { stepLogPath, type RunContext } from './run-context.ts';
import type { PlannedStep } from './plan-steps.ts';

const maxLogBytes = 50 * 1024 ** 2;
/** What is kept in memory of a step's end, to name failed tests and to show in an error. */
const tailBytes = 64 * 1024;

export interface StepLog {
  write(chunk: Buffer): Promise<void>;
  /** A line of ours, between those of the program. */
  say(text: string): Promise<void>;
  /** The last of what was written, unmasked: for reading reports, never for showing. */
  tail(): string;
  close(): Promise<{ bytes: number; sha256: string }>;
}

/** Opens the masked, bounded log of a step; its growth is told to whoever follows. */
export async function openStepLog(context: RunContext, step: PlannedStep, onGrow: (totalBytes: number) => void): Promise<StepLog> {
  const writer = await openLogWriter({ path: stepLogPath(context.daemon, context.run.id, step), mask: context.mask.open(), maxBytes: maxLogBytes, onGrow });
  let tail: Buffer[] = [];
  let tailSize = 0;
  const write = async (chunk: Buffer) => {
    tail.push(chunk);
    tailSize += chunk.length;
    if (tailSize > 2 * tailBytes) {
      tail = [Buffer.concat(tail).subarray(-tailBytes)];
      tailSize = tail[0]!.length;
    }
    await writer.write(chunk);
  };
  return {
    write,
    say: (text) => write(Buffer.from(`${text}\n`)),
    tail: () => Buffer.concat(tail).toString('utf8'),
    close: () => writer.close(),
  };
}
