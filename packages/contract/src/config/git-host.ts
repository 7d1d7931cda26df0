/** A repository on a git host, as its URL tells it. */
export interface GitHostPlace {
  /** Host name, with the port where the URL is one of http(s): ssh's port says nothing of the web server's. */
  host: string;
  /** http only where the repository's own URL is. */
  scheme: 'http' | 'https';
  /** `acme/shop`, without `.git`. */
  repository: string;
}

/** Host and repository of a git URL; undefined where it names none, e.g. for file://. Pure. */
export function gitHostOf(url: string): GitHostPlace | undefined {
  const scpLike = /^(?:[A-Za-z0-9._-]+@)([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(?!\/\/)(.+)$/.exec(url);
  if (scpLike) return placeOf('https', scpLike[1] ?? '', scpLike[2] ?? '');
  const web = /^(https?):\/\/(?:[^@/]*@)?([^/]+)\/(.+)$/.exec(url);
  if (web) return placeOf(web[1] === 'http' ? 'http' : 'https', web[2] ?? '', web[3] ?? '');
  const ssh = /^(?:git\+)?ssh:\/\/(?:[^@/]*@)?(\[[0-9A-Fa-f:.]+\]|[^/:]+)(?::\d+)?\/(.+)$/.exec(url);
  return ssh ? placeOf('https', ssh[1] ?? '', ssh[2] ?? '') : undefined;
}

function placeOf(scheme: 'http' | 'https', host: string, path: string): GitHostPlace | undefined {
  const repository = path.replace(/[?#].*$/, '').replace(/\/+$/, '').replace(/\.git$/, '').replace(/^\/+/, '');
  return host !== '' && repository.includes('/') ? { host: host.toLowerCase(), scheme, repository } : undefined;
}
