/** A group of figures of one name, as OpenMetrics tells them (https://prometheus.io/docs/specs/om/open_metrics_spec/). */
export interface Family {
  /** Ends with the unit where it has one; a counter without `_total`. */
  name: string;
  type: 'gauge' | 'counter' | 'histogram';
  unit?: 'bytes' | 'seconds' | 'ratio';
  help: string;
  samples: { suffix?: string; labels: Record<string, string>; value: number }[];
}

/** The whole text with its end mark. Families without samples are left out. */
export function renderFamilies(families: readonly Family[]): string {
  return `${families.filter(({ samples }) => samples.length > 0).map(renderFamily).join('')}# EOF\n`;
}

function renderFamily({ name, type, unit, help, samples }: Family): string {
  return [
    `# TYPE ${name} ${type}`,
    ...(unit ? [`# UNIT ${name} ${unit}`] : []),
    `# HELP ${name} ${escaped(help)}`,
    ...samples.map(({ suffix = type === 'counter' ? '_total' : '', labels, value }) => `${name}${suffix}${renderLabels(labels)} ${renderNumber(value)}`),
    '',
  ].join('\n');
}

function renderLabels(labels: Record<string, string>): string {
  const entries = Object.entries(labels);
  return entries.length === 0 ? '' : `{${entries.map(([name, value]) => `${name}="${escaped(value)}"`).join(',')}}`;
}

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

function renderNumber(value: number): string {
  return value === Infinity ? '+Inf' : String(value);
}
