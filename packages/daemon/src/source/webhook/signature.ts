import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Headers with the HMAC-SHA256 of the body in hex; GitHub's has a prefix. Forgejo and Gitea send several of them. */
const hmacHeaders = ['x-hub-signature-256', 'x-forgejo-signature', 'x-gitea-signature', 'x-gogs-signature'] as const;

/** Where there is no secret, the work is done with this one, so that the answer takes as long. */
const noSecret = randomBytes(32).toString('hex');

/**
 * Whether a request was sent by somebody who knows the secret. Every signature that is there has to be right, and there
 * has to be one. Compared in constant time.
 * https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
 * https://docs.gitlab.com/user/project/integrations/webhooks (X-Gitlab-Token is the secret itself)
 * https://docs.gitea.com/usage/webhooks, https://forgejo.org/docs/latest/user/webhooks
 */
export function isSigned(request: { headers: IncomingHttpHeaders; body: Buffer; secret: string | undefined }): boolean {
  const secret = request.secret ?? noSecret;
  const expected = createHmac('sha256', secret).update(request.body).digest('hex');
  const results: boolean[] = [];
  for (const header of hmacHeaders) {
    const given = request.headers[header];
    if (given !== undefined) results.push(equal(String(given).replace(/^sha256=/, '').toLowerCase(), expected));
  }
  const token = request.headers['x-gitlab-token'];
  if (token !== undefined) results.push(equal(String(token), secret));
  // An empty secret would be known to all.
  return request.secret !== undefined && request.secret !== '' && results.length > 0 && !results.includes(false);
}

/** Both sides become digests under a fresh key: of equal length, and telling nothing by the time they take. */
function equal(given: string, expected: string): boolean {
  const key = randomBytes(16);
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
