/**
 * A shell that stands in a container and runs what it is sent, one line a command. A machine is saved with it running:
 * a start of a process by the engine costs seconds in a machine without KVM, a line to a shell next to nothing.
 * It was started by the engine, so what it starts is confined just the same. Without `setsid` a command that kills its
 * own process group would take the shell with it: there it ends at once, and the engine starts each command.
 */
export const runnerCommand: readonly string[] = ['sh', '-c', 'command -v setsid > /dev/null || exit 9\nN="\n"\nwhile IFS= read -r line; do eval "$line"; done'];

export interface RunnerCommand {
  command: readonly string[];
  workingDir: string;
  variables: Readonly<Record<string, string>>;
  /** Bytes of the runner's own input that are the command's; undefined: it has none. */
  inputBytes: number | undefined;
}

/** The line for a command, pure; undefined where a line cannot say it. `mark` comes on both outputs behind what the command wrote. */
export function runnerLine({ command, workingDir, variables, inputBytes }: RunnerCommand, mark: string): string | undefined {
  const names = Object.keys(variables);
  if (!names.every((name) => /^[A-Za-z_]\w*$/.test(name)) || [workingDir, ...command, ...Object.values(variables)].some((text) => text.includes('\0'))) return undefined;
  const exported = names.map((name) => `export ${name}=${quote(variables[name]!)} && `).join('');
  const words = command.map(quote).join(' ');
  const enter = `cd -- ${quote(workingDir)} && ${exported}`;
  const job = inputBytes === undefined
    ? `( ${enter}exec setsid ${words} ) < /dev/null`
    // What the command leaves of its input must not be taken for the next line.
    : `head -c ${inputBytes} | ( ${enter}setsid ${words}; c=$?; cat > /dev/null; exit $c )`;
  return `${job}; c=$?; printf '\\036${mark} %s\\036' $c; printf '\\036${mark}\\036' >&2\n`;
}

/** In one line: `N` holds a line's end in the runner. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`).replaceAll('\n', `'"$N"'`)}'`;
}
