import { InvalidArgumentError, type Command } from 'commander';
import { RedControlError, asRedControlError } from '@redcontrol/contract';
import { systemClock } from '@redcontrol/system';
import type { CommandContext } from '../cli/command-context.ts';
import { plainLine } from '../cli/plain-line.ts';
import { openCursorStore } from '../follow/cursor-store.ts';
import { followServer } from '../follow/follow-server.ts';
import { createTeller } from '../follow/tell-events.ts';
import { runAlone } from '../follow/run-alone.ts';
import { openDesktopNotifier } from '../notify/desktop-notifier.ts';
import type { Notifier } from '../notify/notifier.ts';
import { openSystemNotifier } from '../notify/system-notifier.ts';
import { printNotifier } from '../notify/print-notifier.ts';
import { doAction } from '../notify/do-action.ts';
import { openHeldStore } from '../notices/held-store.ts';
import type { Message } from '../notices/message.ts';
import type { Bind } from '../program.ts';
import { readRepository } from '../repository/read-repository.ts';
import { openServer } from '../servers/open-server.ts';
import type { Filters, WatchedServer } from '../settings/settings.ts';
import { createSummaryKeeper, readSummary } from '../summary/summary.ts';

const quietLookMs = 60_000;

interface RunOptions { mine?: boolean; branch?: string[]; environment?: string[]; quiet?: string; print?: boolean }

export function defineRun(program: Command, bind: Bind): void {
  program.command('run')
    .description('follow all connected servers and notify, until it is stopped')
    .option('--mine', 'only what you wrote, by git\'s user.email')
    .option('--branch <pattern...>', 'only these branches; * stands for any characters')
    .option('--environment <name...>', 'only deployments to these environments')
    .option('--quiet <from-to>', 'hold notifications back, e.g. 22:00-08:00', quietHours)
    .option('--print', 'print instead of desktop notifications')
    .action(bind(run));
}

async function run(context: CommandContext, options: RunOptions): Promise<void> {
  const { settings, words, signal } = context;
  const servers = settings.servers.filter(({ name }) => context.global.server === undefined || name === context.global.server);
  if (servers.length === 0) throw new RedControlError('USAGE', 'Expected a server, none is connected', { hint: 'Begin with: redwatch connect redcontrol@SERVER' });
  const filters = await chosenFilters(context, options);
  const alone = await runAlone(context.places.running);
  const cursors = await openCursorStore(context.places.cursors);
  const notifier = await openNotifier(context, options);
  const teller = createTeller({ words, filters, now: () => new Date(context.cli.now()), held: await openHeldStore(context.places.held), show: (message) => show(context, notifier, message) });
  const summary = createSummaryKeeper(context.places.summary, await readSummary(context.places.summary));
  context.note(words.following(servers.map(({ name }) => name).join(', ')));
  await teller.tellHeld();
  const held = setInterval(() => void teller.tellHeld(), quietLookMs);
  try {
    await Promise.all(servers.map((server) => followServer({
      server: keyOf(server), cursors, signal, clock: systemClock,
      async open(own) {
        const client = await openServer(server, { signal: own });
        summary.begin(server.name, await client.call('project.list', {}, { signal: own }));
        await summary.write();
        return client;
      },
      async tell(events, client) {
        await teller.tell(server.name, events, client);
        if (summary.take(server.name, events)) await summary.write();
      },
      onState: (state) => context.note(state.connected ? words.back(server.name) : words.lost({ server: server.name, reason: plainLine(state.reason.message) })),
    })));
  } finally {
    clearInterval(held);
    await notifier.close();
    await alone.end();
  }
}

/** A server that is renamed is still told from where it was. */
function keyOf({ socket, user, host, port }: WatchedServer): string {
  return socket ?? `${user}@${host}:${port}`;
}

async function openNotifier(context: CommandContext, { print = false }: RunOptions): Promise<Notifier> {
  if (print || context.global.json) return printed(context);
  if (process.platform === 'darwin' || process.platform === 'win32') return openSystemNotifier(process.platform);
  try {
    return await openDesktopNotifier({
      variables: context.cli.variables, words: context.words,
      onAction: (action, message) => void doAction(context, action, message).catch((thrown: unknown) => context.note(plainLine(asRedControlError(thrown).message))),
    });
  } catch (thrown) {
    context.note(context.words.noNotifications(plainLine(asRedControlError(thrown).message)));
    return printed(context);
  }
}

function printed(context: CommandContext): Notifier {
  if (!context.global.json) return printNotifier(context.print);
  return { show: async (message) => context.printJson(message), close: async () => {} };
}

/** A desktop that takes no notification (any more) does not lose it. */
async function show(context: CommandContext, notifier: Notifier, message: Message): Promise<void> {
  try {
    await notifier.show(message);
  } catch (thrown) {
    context.note(context.words.noNotifications(plainLine(asRedControlError(thrown).message)));
    await printed(context).show(message);
  }
}

async function chosenFilters(context: CommandContext, options: RunOptions): Promise<Filters> {
  const filters = { ...context.settings.filters };
  if (options.mine) {
    const email = (await readRepository(context.cli.folder, context.signal))?.userEmail;
    if (email === undefined && filters.mine.length === 0) throw new RedControlError('USAGE', 'Expected git\'s user.email here, it is not set', { hint: 'Run it in a repository, or set filters.mine in the settings.' });
    if (email !== undefined) filters.mine = [...new Set([...filters.mine, email])];
  }
  if (options.branch) filters.branches = options.branch;
  if (options.environment) filters.environments = options.environment;
  const [from, to] = options.quiet?.split('-') ?? [];
  if (from !== undefined && to !== undefined) filters.quietHours = { from, to };
  return filters;
}

function quietHours(text: string): string {
  if (!/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/.test(text)) throw new InvalidArgumentError('Expected two times, e.g. 22:00-08:00.');
  return text;
}
