import type { IncomingMessage } from 'node:http';

/** The request's body, or why there is none. Reading stops at the limit; a length announced above it is not read at all. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | 'too large' | 'cut'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve('too large');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        request.pause();
        request.removeAllListeners('data');
        resolve('too large');
        return;
      }
      chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => resolve('cut'));
    request.once('close', () => resolve('cut'));
  });
}
