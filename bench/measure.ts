/** A figure over several runs. Units are the task's own: what it returns, or milliseconds. */
export interface Measured {
  median: number;
  min: number;
  max: number;
  runs: number;
}

export interface MeasureOptions {
  /** Runs before the measured ones, not counted. Default 1. */
  warmup?: number;
  /** Measured runs. Default 5. */
  runs?: number;
  /** One run. A returned number is the figure; otherwise the elapsed milliseconds are. */
  task: (run: number) => Promise<number | void> | number | void;
}

/** Runs a task several times and gives the median, smallest and largest figure. Errors of the task are thrown. */
export async function measure({ warmup = 1, runs = 5, task }: MeasureOptions): Promise<Measured> {
  for (let run = 0; run < warmup; run += 1) await task(-1 - run);
  const figures: number[] = [];
  for (let run = 0; run < runs; run += 1) figures.push(await figureOf(task, run));
  return summarize(figures);
}

export interface PairedOptions {
  /** Pairs before the measured ones. Default 1. */
  warmup?: number;
  /** Measured pairs. Default 5. */
  runs?: number;
  subject: MeasureOptions['task'];
  floor: MeasureOptions['task'];
}

export interface Paired {
  subject: Measured;
  floor: Measured;
  /** Median of subject ÷ floor within each pair: what drifts over time (cache, clock speed, neighbours) cancels out. */
  ratio: number;
}

/** Measures a task and its floor in turn (A B A B …), so that both see the same machine. */
export async function measurePaired({ warmup = 1, runs = 5, subject, floor }: PairedOptions): Promise<Paired> {
  for (let run = 0; run < warmup; run += 1) {
    await subject(-1 - run);
    await floor(-1 - run);
  }
  const subjects: number[] = [];
  const floors: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    subjects.push(await figureOf(subject, run));
    floors.push(await figureOf(floor, run));
  }
  const ratios = subjects.map((figure, run) => figure / floors[run]!);
  return { subject: summarize(subjects), floor: summarize(floors), ratio: summarize(ratios).median };
}

/** Median, smallest and largest of figures measured elsewhere. Throws a RangeError when there are none. */
export function summarize(figures: readonly number[]): Measured {
  if (figures.length === 0) throw new RangeError('Expected at least one measured figure, got none');
  const sorted = figures.toSorted((a, b) => a - b);
  return { median: percentile(sorted, 50), min: sorted[0]!, max: sorted.at(-1)!, runs: sorted.length };
}

/** The p-th percentile of ascending figures, between two neighbours in proportion. */
export function percentile(sorted: readonly number[], p: number): number {
  const place = ((sorted.length - 1) * p) / 100;
  const low = sorted[Math.floor(place)] ?? NaN;
  const high = sorted[Math.ceil(place)] ?? NaN;
  return low + (high - low) * (place - Math.floor(place));
}

async function figureOf(task: MeasureOptions['task'], run: number): Promise<number> {
  const startMs = performance.now();
  const figure = await task(run);
  return figure ?? performance.now() - startMs;
}
