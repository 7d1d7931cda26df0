import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demultiplexer } from './demultiplex.ts';

function frame(stream: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test('frames come apart the same wherever the stream is cut', () => {
  const whole = Buffer.concat([frame(1, 'hello '), frame(2, 'oops'), frame(1, ''), frame(1, 'wörld'), frame(2, 'x'.repeat(300))]);
  for (let size = 1; size <= whole.length; size++) {
    const frames = demultiplexer();
    const said = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    for (let at = 0; at < whole.length; at += size) {
      for (const piece of frames.push(whole.subarray(at, at + size))) said[piece.stream].push(piece.chunk);
    }
    assert.equal(Buffer.concat(said.stdout).toString(), 'hello wörld', `chunks of ${size}`);
    assert.equal(Buffer.concat(said.stderr).toString(), `oops${'x'.repeat(300)}`, `chunks of ${size}`);
  }
});
