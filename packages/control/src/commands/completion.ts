import { Argument, type Command } from 'commander';
import type { Cli } from '../cli/cli.ts';
import { action } from '../cli/command-context.ts';
import { shells, shellScripts, type Shell } from '../completion/shell-scripts.ts';

/** `redcontrol completion bash|zsh|fish` */
export function defineCompletion(command: Command, cli: Cli): void {
  command
    .addArgument(new Argument('<shell>', 'shell').choices([...shells]))
    .addHelpText('after', '\nbash:  redcontrol completion bash > ~/.local/share/bash-completion/completions/redcontrol\nzsh:   redcontrol completion zsh > "${fpath[1]}/_redcontrol"\nfish:  redcontrol completion fish > ~/.config/fish/completions/redcontrol.fish')
    .action(action(cli, async (_context, _options: object, shell: Shell) => void cli.stdout.write(shellScripts[shell])));
}
