import { Option, type Command } from 'commander';
import type { ServerAddress } from '@redcontrol/contract';
import { spawnProcess, type SshTarget } from '@redcontrol/system';
import { wantedInstall } from '../apply/wanted-install.ts';
import type { Cli, GlobalOptions } from '../cli/cli.ts';
import { action, type CommandContext } from '../cli/command-context.ts';
import { findConfigFile } from '../cli/find-config.ts';
import { countNumber, positiveNumber } from '../cli/number-argument.ts';
import { connectSocket } from '@redcontrol/client/connect-socket';
import type { ShellMessage } from '../ui/shell/shell-messages.ts';
import { startUi, type StartUiOptions } from '../ui/start-ui.ts';
import { version } from '../version.ts';

interface UiOptions {
  port?: number;
  open: boolean;
  exitWithClient?: number;
  folder?: string;
  /** Speaks JSON lines with a native window around the page, and ends with it. */
  shell?: boolean;
}

/** `redcontrol ui` */
export function defineUi(command: Command, cli: Cli): void {
  command
    .addOption(new Option('--port <number>', 'port on 127.0.0.1; left out: any free one').argParser(countNumber))
    .option('--no-open', 'only print the address, which opens one window once')
    .addOption(new Option('--exit-with-client <seconds>', 'end when no window was there for so long').argParser(positiveNumber))
    .option('--folder <path>', 'folder for opened projects and drafts; left out: redcontrol in the user\'s configuration folder')
    .addOption(new Option('--shell').hideHelp())
    .action(action<UiOptions, []>(cli, async (context, options) => {
      const ui = await startUi(await startOptions(context, options));
      const stop = () => void ui.close();
      if (context.signal.aborted) stop();
      context.signal.addEventListener('abort', stop, { once: true });
      if (options.shell) endWith(cli, stop);
      if (options.shell) writeMessage(cli, { kind: 'ready', url: ui.url });
      else {
        context.out.print(ui.url);
        if (options.open) openBrowser(ui.url, cli.variables);
      }
      await ui.closed;
    }));
}

async function startOptions(context: CommandContext, options: UiOptions): Promise<StartUiOptions> {
  const { cli, global } = context;
  const { socket } = global;
  const project = await findConfigFile(context).catch(() => undefined);
  return {
    ...(project === undefined ? {} : { project }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.folder === undefined ? {} : { folder: options.folder }),
    ...(options.exitWithClient === undefined ? {} : { exitWithoutPageMs: options.exitWithClient * 1000 }),
    ...(options.shell ? { onShell: (message: ShellMessage) => writeMessage(cli, message) } : {}),
    ...(socket === undefined ? {} : overSocket(socket)),
    install: { target: targetWith(global), wanted: socket === undefined ? () => wantedInstall(cli.variables) : undefined },
  };
}

/** A daemon of this machine: all servers of the configurations are it. */
function overSocket(socket: string): Pick<StartUiOptions, 'connect' | 'servers'> {
  return {
    connect: (_address, signal) => connectSocket(socket, { clientName: `redcontrol ui ${version}`, signal }),
    servers: [{ host: 'localhost', user: 'root', port: 22 }],
  };
}

function targetWith({ identity, sshConfig }: GlobalOptions): (address: ServerAddress) => SshTarget {
  return (address) => ({ ...address, ...(identity ? { identityFile: identity } : {}), ...(sshConfig ? { configFile: sshConfig } : {}) });
}

function writeMessage(cli: Cli, message: ShellMessage): void {
  cli.stdout.write(`${JSON.stringify(message)}\n`);
}

/** The window holds the other end of standard input: when it is gone, however it ended, this ends. */
function endWith(cli: Cli, stop: () => void): void {
  cli.stdin.on('end', stop).on('error', stop);
  cli.stdin.resume();
}

/** Shows the page in the user's browser; where there is none, the printed address is enough. */
function openBrowser(url: string, variables: Cli['variables']): void {
  const hasScreen = process.platform !== 'linux' || variables.DISPLAY || variables.WAYLAND_DISPLAY;
  if (!hasScreen) return;
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawnProcess(opener, [url], { stdout: 'ignore', stderr: 'ignore' });
  child.on('error', () => {});
  child.unref();
}
