export interface OutputPiece {
  stream: 'stdout' | 'stderr';
  chunk: Buffer;
}

/** Where the reader stands in the stream: inside a header, or `left` bytes before the end of a payload. */
export interface Demultiplexer {
  /** Pieces of output in this chunk, in order. A payload that spans chunks comes in several pieces. */
  push(chunk: Buffer): OutputPiece[];
}

/**
 * Takes the engine's two output streams apart: frames of an 8-byte header (stream number, three zeros,
 * length as 32 bits, big-endian) and a payload, as the Docker Engine API describes for attach.
 */
export function demultiplexer(): Demultiplexer {
  const header = Buffer.alloc(8);
  let headerBytes = 0;
  let left = 0;
  return {
    push(chunk) {
      const pieces: OutputPiece[] = [];
      let at = 0;
      while (at < chunk.length) {
        if (left > 0) {
          const end = Math.min(chunk.length, at + left);
          pieces.push({ stream: header[0] === 2 ? 'stderr' : 'stdout', chunk: chunk.subarray(at, end) });
          left -= end - at;
          at = end;
          continue;
        }
        const copied = chunk.copy(header, headerBytes, at, at + 8 - headerBytes);
        headerBytes += copied;
        at += copied;
        if (headerBytes < 8) break;
        headerBytes = 0;
        left = header.readUInt32BE(4);
      }
      return pieces;
    },
  };
}
