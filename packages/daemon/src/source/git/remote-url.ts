import { repositoryUrl, RedControlError } from '@redcontrol/contract';

/** A remote as git is given it: credentials go apart from the URL, because arguments can be read by every user. */
export interface Remote {
  /** Without password or token; may be shown, logged and stored. */
  url: string;
  transport: Transport;
  host: string | undefined;
  /** `Authorization` header of an https URL that had credentials. */
  authorization: string | undefined;
}

export type Transport = 'https' | 'http' | 'ssh' | 'file';

/** Reads a repository's URL. Throws USAGE on one that git is not allowed to follow. */
export function parseRemote(text: string): Remote {
  if (!repositoryUrl.safeParse(text).success) {
    throw new RedControlError('USAGE', `Expected a git URL (https://…, ssh://…, user@host:path or file://…), got ${JSON.stringify(shown(text))}`);
  }
  const scheme = /^([a-z+]+):\/\//.exec(text)?.[1];
  if (scheme === undefined) return { url: text, transport: 'ssh', host: hostOfScpLike(text), authorization: undefined };
  if (scheme === 'file') return { url: text, transport: 'file', host: undefined, authorization: undefined };
  if (scheme === 'ssh' || scheme === 'git+ssh') return { url: text, transport: 'ssh', host: hostOf(text), authorization: undefined };
  return webRemote(text, scheme === 'http' ? 'http' : 'https');
}

/** Variables that give git a remote's credentials; the environment of a process is read only by its own user. */
export function credentialVariables(remote: Remote): Record<string, string> {
  if (remote.authorization === undefined) return {};
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${remote.url}.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${remote.authorization}`,
  };
}

function webRemote(text: string, transport: 'http' | 'https'): Remote {
  const match = /^(https?:\/\/)(?:([^/@]*)@)?([^/]*)(.*)$/.exec(text);
  const [, start = '', userInfo, address = '', path = ''] = match ?? [];
  const url = `${start}${address}${path}`;
  const host = hostOf(url);
  if (userInfo === undefined) return { url, transport, host, authorization: undefined };
  const [user = '', password = ''] = splitOnce(userInfo, ':').map(decoded);
  return { url, transport, host, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

function hostOf(url: string): string | undefined {
  const address = /^[a-z+]+:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)/.exec(url)?.[1];
  return address?.replace(/^\[|\]$/g, '').toLowerCase();
}

function hostOfScpLike(text: string): string | undefined {
  return /@(\[[^\]]*\]|[^:]*):/.exec(text)?.[1]?.replace(/^\[|\]$/g, '').toLowerCase();
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function shown(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//…@').slice(0, 200);
}
