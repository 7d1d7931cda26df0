import { randomBytes } from 'node:crypto';

/** Names the processes of one step: children inherit it. */
const mark = 'REDCONTROL_STEP';
/** A step whose leftovers start others faster than they are ended is given up on after so many rounds. */
const maxRounds = 20;

/**
 * Runs the step's text in a shell of its own and ends, when that has ended, all that it left running, so that no step
 * works on behind the next one and none is held up by what keeps its output open. Leftovers are known by the mark in
 * their environment: unlike a process group, it follows them into sessions of their own. While nobody else is in the
 * container but its first process, that one's sleep, this shell, and the runner that it may have as its parent (the
 * engine's commands have none in there), nothing is looked for.
 */
const script = `sh -e -c "$1"
code=$?
round=0
while [ "$round" -lt ${maxRounds} ]; do
  set -- /proc/[0-9]*
  [ "$#" -gt $((3 + (PPID > 0))) ] || break
  left=
  for path in $(grep -lsF -- "${mark}=$${mark}" /proc/[0-9]*/environ); do
    pid=\${path#/proc/}
    pid=\${pid%/environ}
    [ "$pid" = "$$" ] || ! kill -9 "$pid" 2>/dev/null || left=1
  done
  [ -n "$left" ] || break
  round=$((round + 1))
done
exit "$code"`;

/** Shell text as the command of a step, with the variable that it needs. */
export function stepCommand(text: string): { command: string[]; variables: Record<string, string> } {
  return { command: ['sh', '-c', script, 'sh', text], variables: { [mark]: randomBytes(8).toString('hex') } };
}
