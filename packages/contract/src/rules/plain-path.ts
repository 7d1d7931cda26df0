/** A path within a repository or container without what says nothing: `./a//b/` is `a/b`, the top is empty. */
export function plainPath(path: string): string {
  return path.split('/').filter((part) => part !== '' && part !== '.').join('/');
}
