import type { ChannelConfig } from '@redcontrol/contract';
import { countAttempt, getChannel, getProject, oldestDelivery, removeChannel, removeDelivery, setChannel, type Delivery } from '../../store/index.ts';
import type { Answer } from '../channels/answer.ts';
import { sendToChannel, type OutboxContext } from './send-to-channel.ts';
import { waitBefore } from './wait-before.ts';

export interface DeliverOptions {
  /** Wait after the first failure of a channel. */
  firstWaitMs: number;
  /** So long a try may take. */
  timeoutMs: number;
  signal: AbortSignal;
}

/** A message is given up after so many tries, or so long after it happened. */
const maxAttempts = 12;
const maxAgeMs = 86_400_000;

/** Tries the channel's oldest message once, and writes down what came of it in one transaction. */
export async function deliverOldest(daemon: OutboxContext, of: { project: string; channel: string }, options: DeliverOptions): Promise<void> {
  const delivery = oldestDelivery(daemon.store, of.project, of.channel);
  if (!delivery) return;
  const project = getProject(daemon.store, of.project);
  const channel: ChannelConfig | undefined = project?.config.channels?.[of.channel];
  if (!project || !channel) return daemon.store.transaction(() => removeChannel(daemon.store, of.project, of.channel));
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  const answer = await sendToChannel(daemon, { project, name: of.channel, channel, event: delivery.event, key: delivery.key, signal });
  // Stopped in the middle: the message stays as it is, and is tried at the next start.
  if (options.signal.aborted && answer.outcome !== 'delivered') return;
  daemon.store.transaction(() => settle(daemon, delivery, answer, options));
  if (answer.outcome !== 'delivered') daemon.log.info(`channel ${of.channel} of ${of.project}: ${answer.text}`);
}

function settle(daemon: OutboxContext, delivery: Delivery, answer: Answer, { firstWaitMs }: DeliverOptions): void {
  const { store } = daemon;
  const { project, channel, id } = delivery;
  // Removed meanwhile with its project.
  if (!getProject(store, project)) return;
  const state = getChannel(store, project, channel);
  const now = daemon.clock.now();
  if (answer.outcome === 'delivered') {
    removeDelivery(store, id);
    return setChannel(store, project, channel, { failures: 0, nextAt: null, error: null, sentAt: now, lost: 0 });
  }
  countAttempt(store, id);
  const isOver = answer.outcome === 'refused' || delivery.attempts + 1 >= maxAttempts || now - delivery.createdAt >= maxAgeMs;
  if (isOver) removeDelivery(store, id);
  const failures = state.failures + 1;
  // A message that is wrong in itself does not hold up the next.
  const nextAt = answer.outcome === 'refused' ? null : now + waitBefore(failures, { firstWaitMs, askedMs: answer.waitMs });
  setChannel(store, project, channel, { ...state, failures, nextAt, error: answer.text, lost: state.lost + (isOver ? 1 : 0) });
}
