import { RedControlError } from '@redcontrol/contract';
import type { Cli } from './cli.ts';

/** All of standard input as text, without the line end that `echo` and editors put at the end. Throws LIMIT_REACHED. */
export async function readStdin(cli: Cli, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of cli.stdin) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
    bytes += piece.length;
    if (bytes > maxBytes) throw new RedControlError('LIMIT_REACHED', `Expected at most ${maxBytes} bytes on standard input, got more`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8').replace(/\r?\n$/, '');
}
