import type { ChunkedLog, LogPlace } from './chunked-log.ts';

export const rowHeightPx = 19;
/** Browsers cannot make an element taller than about 16 million pixels; beyond this the scrollbar is scaled. */
const maxScrollPx = 8_000_000;

/** Height of what stands for the whole log in the scrolled box. */
export function scrollHeightPx(lines: number): number {
  return Math.min(maxScrollPx, lines * rowHeightPx);
}

export function isScaled(lines: number): boolean {
  return lines * rowHeightPx > maxScrollPx;
}

/** The line at the top for a scroll position; exact pixels where nothing is scaled. */
export function lineForScroll({ scrollTopPx, viewPx, lines }: { scrollTopPx: number; viewPx: number; lines: number }): number {
  if (!isScaled(lines)) return scrollTopPx / rowHeightPx;
  const share = scrollTopPx / Math.max(1, maxScrollPx - viewPx);
  return Math.min(1, Math.max(0, share)) * topMost(lines, viewPx);
}

export function scrollForLine({ line, viewPx, lines }: { line: number; viewPx: number; lines: number }): number {
  if (!isScaled(lines)) return line * rowHeightPx;
  return (line / Math.max(1, topMost(lines, viewPx))) * (maxScrollPx - viewPx);
}

/** The last line that can stand at the top. */
export function topMost(lines: number, viewPx: number): number {
  return Math.max(0, lines - Math.floor(viewPx / rowHeightPx));
}

/** Where the view stands, as a place that does not move when estimated line counts become exact. */
export interface Anchor {
  place: LogPlace;
  /** Part of a line that is scrolled away, 0 to below 1. */
  part: number;
}

export function anchorAt(log: ChunkedLog, line: number): Anchor {
  const whole = Math.floor(line);
  return { place: log.placeOf(whole), part: line - whole };
}
