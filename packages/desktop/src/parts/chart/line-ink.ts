const inks = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'] as const;

/** Name of the colour of a chart's line, which its legend has too. */
export function inkOf(index: number): string {
  return inks[index % inks.length] ?? inks[0];
}
