import type { IncomingHttpHeaders } from 'node:http';
import { isCommitId, refNameProblem } from '../git/ref-name.ts';

/** What a delivery claims. Only a hint: what was pushed is seen by looking. */
export interface PushInfo {
  forge: 'github' | 'gitlab' | 'gitea' | 'forgejo';
  deliveryId: string | undefined;
  ref: string | undefined;
  commit: string | undefined;
}

const eventHeaders = [
  ['forgejo', 'x-forgejo-event', 'x-forgejo-delivery'],
  ['gitea', 'x-gitea-event', 'x-gitea-delivery'],
  ['gitlab', 'x-gitlab-event', 'idempotency-key'],
  ['github', 'x-github-event', 'x-github-delivery'],
] as const;

/** Events that say that a branch or tag has moved, come or gone, as each forge names them. */
const pushEvents = new Set(['push', 'create', 'delete', 'Push Hook', 'Tag Push Hook']);
const gitlabSystemPushes = new Set(['push', 'tag_push', 'repository_update']);

/** Reads a signed delivery. ping: the forge tries the hook. other: nothing was pushed. */
export function pushOf(headers: IncomingHttpHeaders, body: Buffer): PushInfo | 'ping' | 'other' | 'invalid' {
  const found = eventHeaders.find(([, event]) => headers[event] !== undefined);
  if (!found) return 'invalid';
  const [forge, eventHeader, deliveryHeader] = found;
  const payload = payloadOf(headers['content-type'] ?? '', body);
  if (!payload) return 'invalid';
  const event = String(headers[eventHeader]);
  if (event === 'ping') return 'ping';
  const isPush = pushEvents.has(event) || (event === 'System Hook' && gitlabSystemPushes.has(String(payload['event_name'])));
  if (!isPush) return 'other';
  const delivery = headers[deliveryHeader] ?? (forge === 'gitlab' ? headers['x-gitlab-event-uuid'] : undefined);
  return { forge, deliveryId: delivery === undefined ? undefined : String(delivery).slice(0, 200), ref: refOf(payload), commit: commitOf(payload) };
}

function payloadOf(contentType: string, body: Buffer): Record<string, unknown> | undefined {
  const isForm = contentType.toLowerCase().startsWith('application/x-www-form-urlencoded');
  const text = isForm ? (new URLSearchParams(body.toString('utf8')).get('payload') ?? '') : body.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function refOf(payload: Record<string, unknown>): string | undefined {
  const ref = payload['ref'];
  return typeof ref === 'string' && refNameProblem(ref) === undefined ? ref : undefined;
}

function commitOf(payload: Record<string, unknown>): string | undefined {
  const after = payload['checkout_sha'] ?? payload['after'];
  // All zeros: a branch or tag was deleted.
  return typeof after === 'string' && isCommitId(after) && !/^0+$/.test(after) ? after : undefined;
}
