import { quoteForShell } from '@redcontrol/system';

const begin = '# >>> redwatch: tells the server of a push';
const end = '# <<< redwatch';

/**
 * A pre-push hook with redwatch's part in it, in front of what is there. The part runs beside the push, reads none of the
 * hook's input, holds none of its outputs open and has no exit code, so it can neither delay a push nor fail it.
 * Undefined for a hook that is no shell script.
 */
export function withRedwatch(existing: string | undefined, command: readonly string[]): string | undefined {
  const rest = existing === undefined ? '' : withoutRedwatch(existing);
  if (rest !== '' && !/^#!.*\b(?:ba|da|z|k)?sh\b/.test(rest)) return undefined;
  const [shebang = '#!/bin/sh', ...lines] = rest === '' ? ['#!/bin/sh', ''] : rest.split('\n');
  const poke = [...command, 'hook', 'poke'].map(quoteForShell).join(' ');
  const part = [begin, `( trap '' HUP; unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE; exec ${poke} ) </dev/null >/dev/null 2>&1 &`, end];
  return [shebang, ...part, ...lines].join('\n');
}

/** The hook without that part; empty when nothing else was in it. */
export function withoutRedwatch(hook: string): string {
  const lines = hook.split('\n');
  const [from, to] = [lines.indexOf(begin), lines.indexOf(end)];
  if (from === -1 || to < from) return hook;
  const rest = [...lines.slice(0, from), ...lines.slice(to + 1)];
  return rest.slice(1).every((line) => line.trim() === '') ? '' : rest.join('\n');
}
