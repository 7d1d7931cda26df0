import type { Output } from '../output/output.ts';

/** Names the servers that did not answer after what the others said. Throws the error of the first. */
export function reportUnreachable(out: Output, unreachable: readonly { server: string; error: unknown }[]): void {
  for (const { server, error } of unreachable) out.note(`${out.colors.red('✗')} ${server}: ${(error as Error).message}`);
  if (unreachable.length > 0) throw unreachable[0]?.error;
}
