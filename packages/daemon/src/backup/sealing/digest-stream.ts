import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** What passes through it comes out as it went in; `digest()` at its end: how much it was, and its SHA-256 in hex. */
export function digestStream(onBytes: (bytes: number) => void = () => {}): { stream: Transform; digest(): { bytes: number; sha256: string } } {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
  });
  return { stream, digest: () => ({ bytes, sha256: hash.digest('hex') }) };
}
