const marks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Figures as a line of marks from 0 to `most`, one a figure; a gap where there is none. */
export function sparkline(figures: readonly (number | null)[], most: number): string {
  return figures.map((figure) => {
    if (figure === null) return ' ';
    const share = most <= 0 ? 0 : Math.min(1, Math.max(0, figure / most));
    return marks[Math.min(marks.length - 1, Math.floor(share * marks.length))];
  }).join('');
}
