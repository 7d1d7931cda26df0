/** What HAProxy shall do, as data. The file on disk and the running process are both made to match it. */
export interface ProxyState {
  sites: readonly Site[];
  /** Unix socket of the daemon that takes webhooks, at `/-/redcontrol/hooks/` of every address. */
  webhookSocket?: string;
  /** Unix socket of the daemon that answers ACME's HTTP-01 challenges. */
  acmeSocket?: string;
  /** Unix socket that gets a JSON line for each request (see request-log.ts). */
  requestLogSocket?: string;
}

/** One environment, or one app of it: `project--environment` or `project--environment.app`. */
export interface Site {
  id: string;
  domains: readonly string[];
  /** Port that serves this site by plain HTTP whatever the Host, for an environment without a domain. That of HTTP itself: hosts that no site has. */
  port?: number;
  /** Only requests below this path; the app sees the path unchanged. */
  pathPrefix?: string;
  /** auto: HTTP is redirected to HTTPS as soon as a domain has its certificate. */
  https: 'auto' | 'off';
  /** From a domain to another, e.g. www to the bare one; path and query are kept. */
  redirects: Readonly<Record<string, Redirect>>;
  servers: readonly SiteServer[];
  /** Larger request bodies are answered 413, bodies of undeclared length 411. Left out: no limit. */
  bodySizeBytes?: number;
  /** How long the app may take until it answers (and between two parts of an answer). Left out: 60 s. */
  timeoutMs?: number;
  compression?: boolean;
  /** Users with hashes made by hashBasicAuth. */
  basicAuth?: readonly BasicAuthUser[];
  /** Addresses or networks that may connect; others get 403. */
  allow?: readonly string[];
  /** paths: without query strings. */
  requestLog?: 'off' | 'paths' | 'full';
  /** Answer everything with a maintenance page; switched at run time. */
  maintenance?: Maintenance;
  /** PEM file (chain and key) of the admin's own for all domains of the site, instead of one by ACME. */
  certificate?: string;
}

/** Of a site that nobody reaches: its servers keep what they hold and get nothing new. */
export const noAddress = { domains: [], port: undefined, redirects: {} };

/** 308 keeps the method of a request, 301 is understood by the oldest clients. */
export interface Redirect {
  to: string;
  status: 301 | 308;
}

export interface Maintenance {
  /** Shown instead of the words that the page has in the reader's language; one line of plain text. */
  message?: string;
  /** Addresses or networks that get the site as ever. */
  letIn: readonly string[];
}

/** One instance of the app. Names are unique in the site over all releases: `r12-web-1`. */
export interface SiteServer {
  name: string;
  address: string;
  port: number;
  /** drain: no new requests, open connections live on. maint: nothing at all. */
  state: ServerState;
  /**
   * Asked every 2 s; three failures in a row take the server out until it answers again. For sites with several
   * instances: with a single one a check could only turn a slow site into an absent one.
   */
  check?: { path: string; statuses?: readonly number[] };
}

export type ServerState = 'ready' | 'drain' | 'maint';

export interface BasicAuthUser {
  user: string;
  hash: string;
}

/** A server as HAProxy itself tells of it. down: its check fails. */
export interface ObservedServer {
  name: string;
  address: string;
  port: number;
  state: ServerState | 'down';
  /** Open requests and upgraded connections, in all of HAProxy's processes. */
  sessions: number;
}
