import { useEffect, useState, type UIEvent } from 'react';

export const rowHeightPx = 58;
/** Rows outside the view that are ready, so that scrolling shows no gaps. */
const spareRows = 6;
/** How long nothing must have moved until the rows are put into reading order again. */
const restMs = 200;

export interface RowInView {
  index: number;
  /** Which of the few elements shows it: one that left the view becomes the one that came in. */
  place: number;
}

/**
 * The rows of a long list that are in view. While it is scrolled their elements stay where they are among each other,
 * since moving an element costs as much as making it; at rest, and with the focus among them, they stand in reading order.
 */
export function useRowsInView(count: number, viewPx: number): { rows: RowInView[]; onScroll: (event: UIEvent<HTMLElement>) => void } {
  const [view, setView] = useState({ top: 0, moves: false });
  useEffect(() => {
    if (!view.moves) return;
    const timer = setTimeout(() => setView(({ top }) => ({ top, moves: false })), restMs);
    return () => clearTimeout(timer);
  }, [view]);
  const shown = Math.ceil(viewPx / rowHeightPx);
  const first = Math.max(0, view.top - spareRows);
  const last = Math.min(count, view.top + shown + spareRows);
  // One more than are ever shown, so that no two of them share a place.
  const places = shown + 2 * spareRows + 2;
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, at) => ({ index: first + at, place: (first + at) % places }));
  if (view.moves) rows.sort((one, other) => one.place - other.place);
  return {
    rows,
    onScroll({ currentTarget }) {
      const top = Math.floor(currentTarget.scrollTop / rowHeightPx);
      const hasFocus = document.activeElement !== currentTarget && currentTarget.contains(document.activeElement);
      setView((before) => (before.top === top ? before : { top, moves: !hasFocus }));
    },
  };
}
