/** Text from outside as one line that cannot steer a terminal or change the order in which it is read. */
export function plainLine(text: string, maxLength = 300): string {
  const line = (text.split(/[\n\r]/, 1)[0] ?? '').replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, ' ').trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
