import { formatBytes, formatDurationMs, metricsSpanMs, type EnvironmentMetrics, type ServerMetrics } from '@redcontrol/contract';
import { Option, type Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject } from '../cli/connect.ts';
import { chosenEnvironment, environmentOption, type EnvironmentOptions } from '../cli/environment-option.ts';
import { sinceTime } from '../cli/since-time.ts';
import { plainLine } from '../output/plain-text.ts';
import { sparkline } from '../output/sparkline.ts';
import { printTable } from '../output/table.ts';

interface MetricsOptions extends EnvironmentOptions {
  since: string;
  ofServer?: boolean;
}

/** A line of figures with how people read one of them. */
interface Line {
  name: string;
  figures: readonly (number | null)[];
  /** What a full mark stands for; left out: the largest figure. */
  full?: number | null;
  format: (figure: number) => string;
}

/** Columns beside the marks, and the least and most marks of a line. */
const besidesColumns = 46;
const [leastMarks, mostMarks] = [20, 72];
/** Parts that a program gets. */
const jsonPoints = 240;

/** `redcontrol metrics -e ENVIRONMENT [--since 24h] [--of-server]` */
export function defineMetrics(command: Command, cli: Cli): void {
  command
    .addOption(environmentOption())
    .addOption(new Option('--since <time>', 'from when on: 24h ago, or a time such as 2027-05-01T03:00Z; 30d are kept').default('3h'))
    .addOption(new Option('--of-server', 'of the whole server, and of RedControl itself').conflicts('environment'))
    .action(action(cli, async (context, options: MetricsOptions) => {
      const { out, signal } = context;
      const asked = { lastMs: lastMs(options.since, cli.now()), points: out.json ? jsonPoints : marksOf(out.width) };
      if (options.ofServer) {
        const metrics = await withProject(context, {}, ({ client }) => client.call('metrics.server', asked, { signal }));
        return out.json ? out.printJson(metrics) : printLines(context, metrics, serverLines(metrics));
      }
      const environment = await chosenEnvironment(context, options);
      const metrics = await withProject(context, { environment }, ({ client, project }) => client.call('metrics.environment', { project, environment, ...asked }, { signal }));
      if (out.json) return out.printJson(metrics);
      printLines(context, metrics, environmentLines(metrics));
      printTotal(context, metrics);
    }));
}

function lastMs(since: string, now: number): number {
  return Math.min(metricsSpanMs.most, Math.max(metricsSpanMs.least, now - sinceTime(since, now)));
}

function marksOf(width: number): number {
  return Math.min(mostMarks, Math.max(leastMarks, width - besidesColumns));
}

function printLines({ out }: CommandContext, { everyMs, at }: { everyMs: number; at: readonly number[] }, lines: readonly Line[]): void {
  const known = lines.filter(({ figures }) => figures.some((figure) => figure !== null));
  printTable<Line>(out, known, {
    empty: 'Nothing was measured in this time yet.',
    columns: [
      { title: 'WHAT', cell: ({ name }) => plainLine(name) },
      { title: `EACH MARK ${formatDurationMs(everyMs).replace(/ 0m$|(?<=m) 0s$/, '')}`, cell: ({ figures, full }) => sparkline(figures, full ?? mostOf(figures)) },
      { title: 'NOW', cell: ({ figures, format }) => format(figures.findLast((figure) => figure !== null) ?? 0), align: 'right' },
      { title: 'MOST', cell: ({ figures, format, full }) => `${format(mostOf(figures))}${full ? ` of ${format(full)}` : ''}`, align: 'right' },
    ],
  });
  if (known.length > 0) out.note(out.colors.dim(`from ${new Date(at[0] ?? 0).toISOString().slice(0, 16).replace('T', ' ')} UTC`));
}

function environmentLines({ requests, processes, volumes }: EnvironmentMetrics): Line[] {
  return [
    { name: 'requests', figures: requests.perSecond, format: perSecond },
    { name: 'errors', figures: requests.errorShare, format: percent },
    { name: 'answer p50', figures: requests.p50Ms, format: formatDurationMs },
    { name: 'answer p95', figures: requests.p95Ms, format: formatDurationMs },
    ...processes.flatMap(({ name, cpus, memoryBytes, memoryLimitBytes, receivedPerSecond, sentPerSecond }): Line[] => [
      { name: `${name} CPU`, figures: cpus, format: percent },
      { name: `${name} memory`, figures: memoryBytes, full: memoryLimitBytes, format: formatBytes },
      { name: `${name} received`, figures: receivedPerSecond, format: bytesPerSecond },
      { name: `${name} sent`, figures: sentPerSecond, format: bytesPerSecond },
    ]),
    ...volumes.map(({ name, bytes }): Line => ({ name: `volume ${name}`, figures: bytes, format: formatBytes })),
  ];
}

function serverLines({ cpus, cpuCount, memoryBytes, memoryTotalBytes, disks, daemon }: ServerMetrics): Line[] {
  return [
    { name: 'CPU', figures: cpus, full: cpuCount, format: percent },
    { name: 'memory', figures: memoryBytes, full: memoryTotalBytes, format: formatBytes },
    ...disks.map(({ folder, usedBytes, totalBytes }): Line => ({ name: `disk of ${folder}`, figures: usedBytes, full: totalBytes, format: formatBytes })),
    { name: 'RedControl CPU', figures: daemon.cpus, format: (share) => `${(share * 100).toFixed(2)} %` },
    { name: 'RedControl memory', figures: daemon.memoryBytes, format: formatBytes },
  ];
}

function printTotal({ out }: CommandContext, { total: { requests, errors, p50Ms, p95Ms } }: EnvironmentMetrics): void {
  if (requests === 0) return;
  const took = p50Ms === null || p95Ms === null ? '' : `, half answered within ${formatDurationMs(p50Ms)}, 95 % within ${formatDurationMs(p95Ms)}`;
  out.print(`${requests.toLocaleString('en')} requests, ${percent(errors / requests)} errors${took}`);
}

function mostOf(figures: readonly (number | null)[]): number {
  return Math.max(0, ...figures.map((figure) => figure ?? 0));
}

function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

function perSecond(count: number): string {
  return `${count >= 10 ? Math.round(count) : Number(count.toFixed(2))}/s`;
}

function bytesPerSecond(bytes: number): string {
  return `${formatBytes(bytes)}/s`;
}
