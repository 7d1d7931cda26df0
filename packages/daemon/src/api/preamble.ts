import type { Socket } from 'node:net';

/** Who connects: the fingerprint of an SSH key, as sshd's forced command says it, or the server's own root. */
export interface Preamble {
  as: string;
  /** Address that it comes from, where that is known. */
  from: string | undefined;
  /** What came behind the first line already. */
  rest: Buffer;
}

const maxLineBytes = 300;
const waitMs = 10_000;

/** Reads the first line of a connection, `{"as":"SHA256:…"}` or `{"as":"local"}`. Rejects anything else, and who says nothing. */
export function readPreamble(connection: Socket): Promise<Preamble> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const timer = setTimeout(() => end(new Error('Expected a first line, got none')), waitMs);
    const end = (result: Preamble | Error) => {
      clearTimeout(timer);
      connection.off('data', onData);
      connection.off('close', onClose);
      connection.pause();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    const onClose = () => end(new Error('closed'));
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const newline = received.indexOf(0x0a);
      if (newline < 0 && received.length <= maxLineBytes) return;
      const who = newline < 0 || newline > maxLineBytes ? undefined : parseLine(received.subarray(0, newline).toString('utf8'));
      end(who === undefined ? new Error('Expected {"as": …} as the first line') : { ...who, rest: received.subarray(newline + 1) });
    };
    connection.on('data', onData);
    connection.once('close', onClose);
  });
}

function parseLine(line: string): Omit<Preamble, 'rest'> | undefined {
  try {
    const value = JSON.parse(line) as { as?: unknown; from?: unknown } | null;
    if (typeof value?.as !== 'string' || !/^(local|SHA256:[A-Za-z0-9+/]{43})$/.test(value.as)) return undefined;
    return { as: value.as, from: typeof value.from === 'string' ? value.from.slice(0, 60) : undefined };
  } catch {
    return undefined;
  }
}
