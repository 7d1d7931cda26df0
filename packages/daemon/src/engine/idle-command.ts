/**
 * First process of a container that only stands ready for commands: it stays when everything else of its user is
 * killed (an init with a child of that user would end with it), takes in what orphans leave behind, ends at SIGTERM.
 */
export const idleCommand: readonly string[] = ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 86400 & wait $!; done'];
