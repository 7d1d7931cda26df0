/**
 * Whether a branch or tag name fits a pattern: `*` stands for any characters within one part (between slashes), `**`
 * for any characters over parts; all else stands for itself. `feature/**` fits feature/a and feature/a/b.
 *
 * Own code and not a glob library: names come from whoever can push, and matching by a regular expression with five
 * `*` took picomatch 24 s on a name of 200 characters. This takes at most (name × pattern)² steps.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  const tokens = tokensOf(pattern);
  /** Where to go on after the last `*` and `**` when what follows does not fit: one more character is given to them. */
  let part: Retry | undefined;
  let parts: Retry | undefined;
  let token = 0;
  let at = 0;
  for (;;) {
    const wanted = tokens[token];
    if (wanted === '**') {
      parts = { token: token + 1, at };
      part = undefined;
      token += 1;
    } else if (wanted === '*') {
      part = { token: token + 1, at };
      token += 1;
    } else if (wanted === undefined ? at === name.length : wanted === name[at]) {
      if (wanted === undefined) return true;
      token += 1;
      at += 1;
    } else if (part && part.at < name.length && name[part.at] !== '/') {
      part.at += 1;
      ({ token, at } = part);
    } else if (parts && parts.at < name.length) {
      parts.at += 1;
      part = undefined;
      ({ token, at } = parts);
    } else {
      return false;
    }
  }
}

interface Retry {
  token: number;
  at: number;
}

function tokensOf(pattern: string): string[] {
  return pattern.match(/\*{2,}|[^]/g)?.map((token) => (token.startsWith('**') ? '**' : token)) ?? [];
}
