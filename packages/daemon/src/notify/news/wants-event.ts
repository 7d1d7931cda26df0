import { isStatusChannel, matchesPattern, type ChannelConfig, type NewsKind, type RedControlEvent } from '@redcontrol/contract';
import { newsKindOf } from './news.ts';

/** Steps of a run's life that a commit's status shows. */
const statusEvents: readonly RedControlEvent['kind'][] = ['run.queued', 'run.started', 'run.succeeded', 'run.failed', 'run.recovered', 'run.cancelled', 'run.superseded'];

/** Whether a channel is told of an event. Pure. */
export function wantsEvent(channel: ChannelConfig, event: RedControlEvent): boolean {
  return wantsKind(channel, event) && concerns(channel, event);
}

function wantsKind(channel: ChannelConfig, event: RedControlEvent): boolean {
  // A rollback judges no commit: its old verdict stands.
  if (isStatusChannel(channel)) return statusEvents.includes(event.kind) && event.data.trigger !== 'rollback';
  const kind = newsKindOf(event);
  const wanted: readonly NewsKind[] = channel.events;
  // A run that passes again has passed, for those who hear of each.
  return kind !== undefined && (wanted.includes(kind) || (kind === 'recovered' && wanted.includes('passed')));
}

/** What has no environment or branch of its own (a repository out of reach) concerns all. */
function concerns({ environments, branches }: ChannelConfig, event: RedControlEvent): boolean {
  const { ref, environments: deployed } = event.data;
  const own = event.environment !== null ? [event.environment] : Array.isArray(deployed) ? deployed : undefined;
  if (environments && own && !own.some((name) => environments.includes(String(name)))) return false;
  return !branches || typeof ref !== 'string' || branches.some((pattern) => matchesPattern(pattern, ref));
}
