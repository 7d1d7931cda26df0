/** A branch or tag that git allows and we don't use. */
export interface RefusedRef {
  /** As far as it can be shown: at most 200 characters. */
  name: string;
  kind: 'branch' | 'tag';
  reason: string;
}

export const maxRefNameLength = 200;

/** Why a branch's or tag's short name is not used, or undefined when it is. Git itself has checked its own rules. */
export function refNameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > maxRefNameLength) return `is longer than ${maxRefNameLength} characters`;
  if (name.startsWith('-')) return 'begins with "-", like an option of a command';
  if (name.includes('\ufffd')) return 'is not valid UTF-8';
  if (/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Zs}\u200b\ufeff]/u.test(name)) return 'has control, invisible or space characters';
  if (/[~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.lock$|\.$/.test(name)) return 'is not a name that git allows';
  return undefined;
}

/** Full names of commits: SHA-1 or SHA-256. */
export function isCommitId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}
