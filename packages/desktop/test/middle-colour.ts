import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';

/** The colour in the middle of a PNG of 8 bits a channel with transparency, as [red, green, blue]. PNG specification, 9. */
export async function middleColour(path: string): Promise<number[]> {
  const file = await readFile(path);
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  if (file[24] !== 8 || file[25] !== 6) throw new Error(`Expected a PNG of RGBA, 8 bits each, got depth ${file[24]} and colour type ${file[25]}`);
  const rows = inflateSync(Buffer.concat(dataOf(file)));
  const stride = width * 4;
  let above = Buffer.alloc(stride);
  for (let y = 0; y <= height / 2; y += 1) above = unfilter(rows.subarray(y * (stride + 1), (y + 1) * (stride + 1)), above);
  const at = Math.floor(width / 2) * 4;
  return [...above.subarray(at, at + 3)];
}

function dataOf(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') found.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  return found;
}

function unfilter(row: Buffer, above: Buffer): Buffer<ArrayBuffer> {
  const out = Buffer.from(row.subarray(1));
  for (let at = 0; at < out.length; at += 1) {
    const left = out[at - 4] ?? 0;
    const up = above[at]!;
    const corner = above[at - 4] ?? 0;
    out[at] = out[at]! + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][row[0]!]!;
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
