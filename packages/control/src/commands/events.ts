import { RedControlError, type RedControlEvent } from '@redcontrol/contract';
import type { Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { withProject, type ProjectConnection } from '../cli/connect.ts';
import { countNumber, positiveNumber } from '../cli/number-argument.ts';
import { plainLine } from '../output/plain-text.ts';
import { relativeTime } from '../output/relative-time.ts';

interface EventsOptions {
  follow?: boolean;
  after?: number;
  limit: number;
  all?: boolean;
}

/** `redcontrol events [-f]` */
export function defineEvents(command: Command, cli: Cli): void {
  command
    .option('-f, --follow', 'go on with what happens from now on')
    .option('--after <number>', 'only events after this one', countNumber)
    .option('-n, --limit <number>', 'how many of the past', positiveNumber, 50)
    .option('--all', 'of all projects of the server')
    .action(action(cli, (context, options: EventsOptions) => withProject(context, {}, (connection) => showEvents(context, connection, options))));
}

async function showEvents(context: CommandContext, { client, project }: ProjectConnection, options: EventsOptions): Promise<void> {
  const { out, signal } = context;
  const isWanted = (event: RedControlEvent) => options.all === true || event.project === project;
  let told = 0;
  const tell = (event: RedControlEvent) => {
    if (event.seq <= told) return;
    told = event.seq;
    if (isWanted(event)) printEvent(context, event);
  };
  // What comes while the past is read waits, so that nothing is told out of order.
  const waiting: RedControlEvent[] = [];
  let isPast = true;
  const stop = client.on('event', (event) => (isPast ? void waiting.push(event) : tell(event)));
  try {
    const { last } = await client.call('events.follow', {}, { signal });
    const limit = Math.min(options.limit, 1000);
    const past = await client.call('events.list', { after: options.after ?? Math.max(0, last - limit), limit }, { signal });
    if (out.json && !options.follow) return out.printJson(past.filter(isWanted));
    for (const event of [...past, ...waiting]) tell(event);
    isPast = false;
    if (!options.follow) return;
    const reason = await Promise.race([client.closed, aborted(signal)]);
    if (reason) throw reason;
  } finally {
    stop();
  }
}

function printEvent({ out, cli }: CommandContext, event: RedControlEvent): void {
  if (out.json) return out.printJsonLine(event);
  const { colors } = out;
  const color = /failed|missed|crash|alert.started|down|unreachable|reverted/.test(event.kind) ? colors.red : /succeeded|live|up|recovered|reachable|alert.ended/.test(event.kind) ? colors.green : colors.cyan;
  out.print(`${colors.dim(`${String(event.seq).padStart(5)} ${relativeTime(event.at, cli.now()).padEnd(10)}`)} ${color(event.kind.padEnd(19))} ${plainLine(event.text)}`);
}

function aborted(signal: AbortSignal): Promise<RedControlError> {
  return new Promise((resolve) => {
    const end = () => resolve(new RedControlError('CANCELLED', 'Stopped following'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
