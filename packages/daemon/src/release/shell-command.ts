/** One plain program with its words: nothing that the shell itself would have to do afterwards. */
const plainCommand = /^(?![A-Za-z_][A-Za-z0-9_]*=)[^;&|<>()`\n{}#!]+$/;
const builtins = /^\s*(exec|cd|set|if|for|while|until|case|export|trap|eval|wait|\.)\b/;

/**
 * Shell text as a container's command. A plain program replaces the shell, so that it gets the stop signal itself;
 * anything else is the shell's to carry out as it stands.
 */
export function shellCommand(text: string): string[] {
  return ['sh', '-c', plainCommand.test(text) && !builtins.test(text) ? `exec ${text}` : text];
}
