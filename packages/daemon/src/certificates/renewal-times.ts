import { createHash } from 'node:crypto';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * When a certificate is renewed: at two thirds of its life, up to 3 % of it earlier. The share is fixed for a domain and
 * certificate, so that many certificates of one day do not come due in one minute and a restart changes nothing.
 */
export function renewalAt(domain: string, validity: { notBefore: number; notAfter: number }): number {
  const life = validity.notAfter - validity.notBefore;
  const share = createHash('sha256').update(`${domain} ${validity.notBefore}`).digest().readUInt32BE() / 2 ** 32;
  return validity.notBefore + (life * 2) / 3 - life * 0.03 * share;
}

/**
 * How long to wait after the n-th failure in a row. A domain that does not lead here yet costs nothing to look at; a
 * refusal of the CA counts against its limits (Let's Encrypt: 5 failed validations an hour for a name).
 */
export function waitAfterFailureMs(failures: number, reason: 'domain' | 'authority'): number {
  const [first, most] = reason === 'domain' ? [minuteMs, hourMs] : [15 * minuteMs, 24 * hourMs];
  return Math.min(first * 2 ** Math.min(failures - 1, 20), most);
}
