import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { systemClock, type Clock } from '@redcontrol/system';
import { secureDomains, type Proxy, type ProxyState } from '../proxy/index.ts';
import { forgetCertificate, keepCertificate, keepAttempts, loadCertificates, type StoredCertificate } from './certificate-store.ts';
import { startChallengeServer, type ChallengeServer } from './challenge-server.ts';
import { expectDomainHere } from './expect-domain-here.ts';
import { orderCertificate, type Authority } from './order-certificate.ts';
import { renewalAt, waitAfterFailureMs } from './renewal-times.ts';
import { createResolve } from './resolve-domain.ts';

const dayMs = 86_400_000;
const longestSleepMs = 3_600_000;
/** A server whose clock is wrong may find a new certificate due at once: the CA is still not asked again before this. */
const leastAgeMs = 6 * 3_600_000;

export interface CertificatesOptions {
  /** Certificates and keys, each file 0600. */
  directory: string;
  acmeDirectoryUrl: string;
  accountKeyFile: string;
  /** Unix socket that HAProxy passes `/.well-known/acme-challenge/` to. */
  challengeServerSocket: string;
  proxy: Proxy;
  clock?: Clock;
  contactEmail?: string;
  /** CA file of a private ACME server. */
  caFile?: string;
  /** Port on which the CA and the check before it ask; 80 but in tests. */
  httpPort?: number;
  /** DNS servers to ask instead of the system's, as `address:port`. */
  dnsServers?: readonly string[];
  /** Told of each certificate that came, and of each failure that is not the same as the last. */
  onChange?: (change: { domain: string; kind: 'issued' | 'renewed' | 'failed'; error: RedControlError | null }) => void;
}

export interface CertificateState {
  /** Days until it ends; left out while there is none. */
  days?: number;
  /** Its end, in ms since 1970. */
  notAfter?: number;
  /** Why the last attempt failed, with what to do; null when there was none or it went well. */
  error: string | null;
}

/** Certificates of all domains in the proxy that want HTTPS: got, shown by HAProxy, renewed. */
export interface Certificates {
  /** undefined: nothing was tried for this domain yet. */
  certificateState(domain: string): CertificateState | undefined;
  /** Tries now, whatever waits there are. Throws CERTIFICATE_FAILED. */
  obtain(domain: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts to answer challenges, shows what certificates there are, and sees to the rest in the background, one at a time. */
export async function createCertificates(options: CertificatesOptions): Promise<Certificates> {
  const { directory, proxy } = options;
  const clock = options.clock ?? systemClock;
  const known = await loadCertificates(directory);
  const challenges = await startChallengeServer(options.challengeServerSocket);
  const closing = new AbortController();
  const attempt = createAttempt({ options, clock, known, challenges, resolve: createResolve(options.dnsServers), closing: closing.signal });
  const underWay = new Map<string, Promise<void>>();
  const obtain = (domain: string) => {
    const running = underWay.get(domain) ?? attempt(domain).finally(() => underWay.delete(domain));
    underWay.set(domain, running);
    return running;
  };

  let woken = new AbortController();
  const unsubscribe = proxy.onApplied(() => woken.abort());
  const watch = async () => {
    while (!closing.signal.aborted) {
      woken = new AbortController();
      for (const domain of await forgetUnwanted(directory, known, wantedDomains(proxy.state()), clock.now())) {
        if (dueAt(domain, known.get(domain)) <= clock.now() && !closing.signal.aborted) await obtain(domain).catch(() => {});
      }
      const next = Math.min(...wantedDomains(proxy.state()).map((domain) => dueAt(domain, known.get(domain))), clock.now() + longestSleepMs);
      await clock.sleep(Math.max(next - clock.now(), 0), AbortSignal.any([closing.signal, woken.signal])).catch(() => {});
    }
  };

  await show(proxy, known);
  const watching = watch();
  return {
    certificateState(domain) {
      const stored = known.get(domain);
      if (!stored) return undefined;
      const { notAfter, error } = stored;
      return { error, ...(notAfter === undefined ? {} : { notAfter, days: Math.floor((notAfter - clock.now()) / dayMs) }) };
    },
    obtain,
    async close() {
      closing.abort(new RedControlError('CANCELLED', 'The daemon is closing'));
      unsubscribe();
      // An order that is under way at the CA is left to itself: it is begun anew at the next start.
      if (underWay.size === 0) await watching;
      await challenges.close();
    },
  };
}

interface AttemptParts {
  options: CertificatesOptions;
  clock: Clock;
  known: Map<string, StoredCertificate>;
  challenges: ChallengeServer;
  resolve: (domain: string) => Promise<string[]>;
  closing: AbortSignal;
}

/** One try for a domain: does it lead here, order, keep, show. A failure is kept with the time of the next try, and thrown. */
function createAttempt({ options, clock, known, challenges, resolve, closing }: AttemptParts): (domain: string) => Promise<void> {
  const { directory } = options;
  const authority: Authority = {
    directoryUrl: options.acmeDirectoryUrl, accountKeyFile: options.accountKeyFile, challenges,
    ...(options.contactEmail ? { contactEmail: options.contactEmail } : {}), ...(options.caFile ? { caFile: options.caFile } : {}),
  };
  return async (domain) => {
    const before = known.get(domain);
    let reason: 'domain' | 'authority' = 'domain';
    try {
      await expectDomainHere(domain, { challenges, resolve, httpPort: options.httpPort ?? 80, signal: closing });
      reason = 'authority';
      const pem = await orderCertificate(domain, authority);
      const stored = await keepCertificate(directory, domain, { pem, retryAt: clock.now() + leastAgeMs });
      if (closing.aborted) return;
      // What is told of a domain changes after HAProxy shows it.
      await show(options.proxy, new Map([...known, [domain, stored]])).finally(() => known.set(domain, stored));
      options.onChange?.({ domain, kind: before?.file ? 'renewed' : 'issued', error: null });
    } catch (thrown) {
      if (closing.aborted) throw thrown;
      const error = asRedControlError(thrown);
      const failures = (before?.failures ?? 0) + 1;
      const failed: StoredCertificate = { ...known.get(domain), failures, error: [error.message, error.hint].filter(Boolean).join('. '), retryAt: clock.now() + waitAfterFailureMs(failures, reason) };
      known.set(domain, failed);
      await keepAttempts(directory, domain, failed);
      if (failed.error !== before?.error) options.onChange?.({ domain, kind: 'failed', error });
      throw error;
    }
  };
}

function show(proxy: Proxy, known: ReadonlyMap<string, StoredCertificate>): Promise<void> {
  return proxy.setCertificates(Object.fromEntries([...known].flatMap(([domain, { file }]) => (file ? [[domain, file]] : []))));
}

/** Domains that want a certificate of ours: sites with one of the admin's own do not. */
function wantedDomains(state: ProxyState): string[] {
  return secureDomains({ ...state, sites: state.sites.filter((site) => site.certificate === undefined) });
}

function dueAt(domain: string, stored: StoredCertificate | undefined): number {
  if (!stored) return 0;
  const renewal = stored.notBefore === undefined || stored.notAfter === undefined ? 0 : renewalAt(domain, { notBefore: stored.notBefore, notAfter: stored.notAfter });
  return Math.max(renewal, stored.retryAt);
}

/** Certificates that no site wants any more are kept until their end, for a site may come back. Answers the wanted. */
async function forgetUnwanted(directory: string, known: Map<string, StoredCertificate>, wanted: string[], now: number): Promise<string[]> {
  for (const [domain, { notAfter = 0 }] of known) {
    if (wanted.includes(domain) || notAfter > now) continue;
    known.delete(domain);
    await forgetCertificate(directory, domain);
  }
  return wanted;
}
