/** One to four numbers with dots. */
export function isVersion(text: string): boolean {
  return /^\d{1,6}(\.\d{1,6}){0,3}$/.test(text);
}

/** Order of versions by their numbers: negative when `a` is the older. Words come in their alphabet's order. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const one = Number(left[index] ?? 0);
    const other = Number(right[index] ?? 0);
    if (Number.isNaN(one) || Number.isNaN(other)) return a < b ? -1 : Number(a > b);
    if (one !== other) return one - other;
  }
  return 0;
}
