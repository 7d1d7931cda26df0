import { formatFigure, formatTarget, isReached, type Bench, type BenchRow } from './row.ts';

export interface BenchResult {
  /** File name without `.bench.ts`. */
  name: string;
  bench: Bench;
  rows: BenchRow[];
  machine: string;
  /** Day of the run, YYYY-MM-DD. */
  day: string;
}

const heading = '# Benchmarks';
const intro = `${heading}

Written by \`npm run bench\`; \`npm run bench -- NAME\` runs one bench and leaves the others' results as they are.
Figures are medians over the given number of runs, with the smallest and largest beside them. A floor is the same job done
by hand without RedControl, measured in the same run in turn with it, so the ratio counts and not the machine's speed.
`;

/** The report with the sections of the given results new and all other sections as they were. */
export function mergeReport(previous: string | undefined, results: readonly BenchResult[]): string {
  const sections = sectionsOf(previous ?? '');
  for (const result of results) sections.set(result.name, formatSection(result));
  const ordered = [...sections].toSorted(([a], [b]) => a.localeCompare(b)).map(([, section]) => section.trimEnd());
  return `${[intro.trimEnd(), ...ordered].join('\n\n')}\n`;
}

/** Rows as a table for the terminal. */
export function formatTable(rows: readonly BenchRow[]): string {
  const lines = [tableHead, ...rows.map(cellsOf)];
  const widths = tableHead.map((_, column) => Math.max(...lines.map((cells) => cells[column]!.length)));
  return lines.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd()).join('\n');
}

const tableHead = ['what', 'value', 'min–max', 'floor', 'ratio', 'target', 'reached', 'runs'];

function cellsOf(row: BenchRow): string[] {
  const reached = isReached(row);
  return [
    row.name,
    `${formatFigure(row.value)} ${row.unit}`,
    row.spread ? `${formatFigure(row.spread.min)}–${formatFigure(row.spread.max)}` : '–',
    row.floor === undefined ? '–' : `${formatFigure(row.floor)} ${row.unit}`,
    row.ratio === undefined ? '–' : formatFigure(row.ratio),
    formatTarget(row),
    reached === undefined ? '–' : reached ? 'yes' : 'no',
    String(row.runs),
  ];
}

function formatSection({ name, bench, rows, machine, day }: BenchResult): string {
  const table = [tableHead, tableHead.map(() => '---'), ...rows.map(cellsOf)].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  return [`## ${name}: ${bench.title}`, '', bench.about.trim(), '', `Measured ${day}: ${machine}.`, '', ...table, ''].join('\n');
}

/** Sections of an earlier report by their bench's name, in the order of the file. */
function sectionsOf(report: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const part of report.split(/^(?=## )/m)) {
    const name = /^## ([a-z0-9-]+):/.exec(part)?.[1];
    if (name) sections.set(name, part);
  }
  return sections;
}
