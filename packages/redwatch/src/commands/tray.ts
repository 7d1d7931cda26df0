import { once } from 'node:events';
import { Option, type Command } from 'commander';
import { RedControlError } from '@redcontrol/contract';
import { spawnProcess } from '@redcontrol/system';
import type { CommandContext } from '../cli/command-context.ts';
import type { Bind } from '../program.ts';
import { followServers } from '../servers/follow-servers.ts';
import { readLastRuns, type LastRuns } from '../tray/last-runs.ts';
import { servePages } from '../tray/serve-pages.ts';
import { trayMessage, type TrayMessage } from '../tray/tray-message.ts';

/** The desktop app's window, which shows this tray as well. */
const windowProgram = 'redcontrol-desktop';

export function defineTray(program: Command, bind: Bind): void {
  program.command('tray')
    .description('an icon with the state of your runs, and their logs in a small window')
    .addOption(new Option('--shell').hideHelp())
    .action(bind(tray));
}

async function tray(context: CommandContext, { shell = false }: { shell?: boolean }): Promise<void> {
  if (shell) await speakWithWindow(context);
  else await startWindow(context);
}

/** Tells the window around the pages what its icon shows, and ends with it. */
async function speakWithWindow(context: CommandContext): Promise<void> {
  const { cli, words } = context;
  const gone = new AbortController();
  cli.stdin.on('end', () => gone.abort()).on('error', () => gone.abort());
  cli.stdin.resume();
  const own = { ...context, signal: AbortSignal.any([context.signal, gone.signal]) };
  let last: LastRuns = { runs: [], down: [], errors: [], clients: new Map() };
  let told = '';
  const tell = (message: TrayMessage) => void cli.stdout.write(`${JSON.stringify(message)}\n`);
  const pages = await servePages(() => ({ last, words, now: cli.now(), signal: own.signal }));
  tell({ kind: 'ready', url: pages.url });
  try {
    await followServers(own, async (met) => {
      last = await readLastRuns(own, met);
      const message = trayMessage(last);
      if (JSON.stringify(message) === told) return;
      told = JSON.stringify(message);
      tell(message);
    });
  } finally {
    pages.close();
    // An input that is read keeps the process.
    cli.stdin.destroy();
  }
}

/** The window starts this program again, with `--shell`. */
async function startWindow({ cli, global }: CommandContext): Promise<void> {
  const chosen = [...(global.server === undefined ? [] : ['--server', global.server]), ...(global.project === undefined ? [] : ['--project', global.project])];
  const child = spawnProcess(cli.variables.REDWATCH_WINDOW ?? windowProgram, ['--watch', ...chosen], {
    variables: { REDCONTROL_NODE: process.execPath, REDCONTROL_PROGRAM: process.argv[1] ?? '' }, stdin: 'ignore', stdout: 'ignore', stderr: 'inherit',
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [code] = await ended.catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new RedControlError('NOT_FOUND', `Expected the program ${windowProgram}, it is not installed`, { cause, hint: 'Install the desktop app\'s package: npm run package -- desktop.' });
  });
  if (code !== 0) throw new RedControlError('COMMAND_FAILED', `Expected ${windowProgram} to end well, got exit code ${code}`);
}
