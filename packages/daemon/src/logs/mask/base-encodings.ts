/**
 * The parts of base64, base64url and hex texts that a value alone decides, wherever it stands in what was encoded:
 * base64 writes 3 bytes as 4 characters, so a value that begins at byte 0, 1 or 2 of such a group gives three texts
 * (RFC 4648). Characters at the borders that also hold bits of the neighbours are left out.
 */
export function baseEncodings(value: string, { rich }: { rich: boolean }): string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) => shiftedBase64(bytes, shift));
  const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  if (!rich) return [...base64, ...url];
  const hex = bytes.toString('hex');
  return [...base64, ...url, hex, hex.toUpperCase()];
}

function shiftedBase64(bytes: Buffer, shift: number): string {
  const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + bytes.length) * 8) / 6);
  return whole.slice(first, end);
}
