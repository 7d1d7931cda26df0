/** Names and paths from a repository may go into a Dockerfile or a command only when they are plain. */
export function isPlainPath(path: string): boolean {
  return path.length <= 200 && /^[A-Za-z0-9_@.][A-Za-z0-9_@./+-]*$/.test(path) && !path.split('/').includes('..');
}

/** For the shell: one word, whatever is in it. Undefined for text that no one-line command can hold. */
export function quoteWord(text: string): string | undefined {
  if (/[\p{Cc}\\]/u.test(text) || text.length > 500) return undefined;
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}
