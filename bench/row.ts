import type { Measured, Paired } from './measure.ts';

/** What a figure has to reach; every part that is given must hold. */
export interface Target {
  atMost?: number;
  atLeast?: number;
  /** Bounds of value ÷ floor. */
  ratioAtMost?: number;
  ratioAtLeast?: number;
}

/** One line of a bench's table. Value and floor are medians in `unit`. */
export interface BenchRow {
  name: string;
  unit: string;
  value: number;
  /** Smallest and largest measured value. */
  spread?: { min: number; max: number };
  /** The same job without RedControl, measured in the same run. */
  floor?: number;
  ratio?: number;
  target?: Target;
  /** Measured runs behind the value. */
  runs: number;
}

/** A file bench/<name>.bench.ts exports one as `bench`. */
export interface Bench {
  title: string;
  /** What is measured and what the floor is, for the reader of docs/benchmarks.md. */
  about: string;
  run(): Promise<BenchRow[]>;
}

/** A row from a measured figure, or from a pair with its floor. */
export function rowOf(row: { name: string; unit: string; measured: Measured | Paired; target?: Target }): BenchRow {
  const { name, unit, measured, target } = row;
  if ('subject' in measured) {
    const { subject, floor, ratio } = measured;
    return { name, unit, value: subject.median, spread: spreadOf(subject), floor: floor.median, ratio, runs: subject.runs, ...(target && { target }) };
  }
  return { name, unit, value: measured.median, spread: spreadOf(measured), runs: measured.runs, ...(target && { target }) };
}

/** Whether the row reaches its target; undefined when it has none. */
export function isReached(row: BenchRow): boolean | undefined {
  const { target } = row;
  if (!target) return undefined;
  const ratio = row.ratio ?? (row.floor === undefined ? NaN : row.value / row.floor);
  if (target.atMost !== undefined && !(row.value <= target.atMost)) return false;
  if (target.atLeast !== undefined && !(row.value >= target.atLeast)) return false;
  if (target.ratioAtMost !== undefined && !(ratio <= target.ratioAtMost)) return false;
  if (target.ratioAtLeast !== undefined && !(ratio >= target.ratioAtLeast)) return false;
  return true;
}

/** "≥ 50 MB/s, ≤ 1.5 × floor" */
export function formatTarget(row: BenchRow): string {
  const { target, unit } = row;
  if (!target) return '–';
  const parts: string[] = [];
  if (target.atMost !== undefined) parts.push(`≤ ${formatFigure(target.atMost)} ${unit}`);
  if (target.atLeast !== undefined) parts.push(`≥ ${formatFigure(target.atLeast)} ${unit}`);
  if (target.ratioAtMost !== undefined) parts.push(`≤ ${formatFigure(target.ratioAtMost)} × floor`);
  if (target.ratioAtLeast !== undefined) parts.push(`≥ ${formatFigure(target.ratioAtLeast)} × floor`);
  return parts.join(', ');
}

/** Three significant digits, whole numbers from 100 on. */
export function formatFigure(figure: number): string {
  if (!Number.isFinite(figure)) return '–';
  if (figure === 0 || Math.abs(figure) >= 100) return String(Math.round(figure));
  return String(Number(figure.toPrecision(3)));
}

function spreadOf({ min, max }: Measured) {
  return { min, max };
}
