/** Whether two addresses name one repository, by whatever transport each goes there. */
export function sameRepository(one: string, other: string): boolean {
  const place = placeOf(one);
  return place !== '' && place === placeOf(other);
}

/** `git@github.com:a/b.git`, `https://github.com/a/b` and `ssh://git@github.com/a/b/` are all `github.com/a/b`. */
function placeOf(address: string): string {
  const withoutEnd = address.trim().replace(/\/+$/, '').replace(/\.git$/, '');
  const url = /^[a-z+]+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^/:]*)(?::\d+)?\/(.*)$/i.exec(withoutEnd);
  if (url) return `${url[1]?.toLowerCase()}/${url[2]}`;
  const scpLike = /^(?:[^@/]*@)?([^/:]+):(?!\/\/)\/?(.+)$/.exec(withoutEnd);
  if (scpLike) return `${scpLike[1]?.toLowerCase()}/${scpLike[2]}`;
  // A folder of this machine is what file:// names with an empty host.
  return withoutEnd.startsWith('/') ? withoutEnd : '';
}
