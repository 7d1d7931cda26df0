import { randomUUID } from 'node:crypto';
import { RedControlError, type ChannelTest } from '@redcontrol/contract';
import { getProject, listChannelsWithDeliveries } from '../../store/index.ts';
import { collectNews } from './collect-news.ts';
import { deliverOldest } from './deliver.ts';
import { sendToChannel, type OutboxContext } from './send-to-channel.ts';
import { longestWaitMs } from './wait-before.ts';

/**
 * Tells channels what happens: what is to be told waits in the store until it arrived, in order and one at a time for
 * each channel. A message is told once, but for a daemon that is killed, or a connection that is cut, between the other
 * side's taking it and its answer: then it is sent again, with the same key. Nothing waits for it.
 */
export interface Outbox {
  /** Looks for what to send; cheap, called after anything that may have made some. */
  wake(): void;
  /** Sends a test message now, past all that waits. Throws NOT_FOUND for an unknown channel. */
  test(project: string, channel: string, signal: AbortSignal): Promise<ChannelTest>;
  /** Gives what is on its way a moment to arrive; the rest waits for the next start. */
  close(): Promise<void>;
}

export interface OutboxOptions {
  firstWaitMs?: number;
  timeoutMs?: number;
}

/** Channels that are talked to at the same time. */
const maxAtOnce = 4;
const lookEveryMs = 60_000;
const closeMs = 3_000;

export function createOutbox(daemon: OutboxContext, { firstWaitMs = 5_000, timeoutMs = 30_000 }: OutboxOptions = {}): Outbox {
  const stopping = new AbortController();
  const busy = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const start = (of: { project: string; channel: string }, key: string) => {
    busy.set(key, deliverOldest(daemon, of, { firstWaitMs, timeoutMs, signal: stopping.signal })
      // What broke off here would do so again at once: it is tried with the next look.
      .then(soon, (error: unknown) => daemon.log.error(`channel ${of.channel} of ${of.project} broke off`, error))
      .finally(() => busy.delete(key)));
  };

  const look = () => {
    if (closed) return;
    clearTimeout(timer);
    let nextMs = lookEveryMs;
    try {
      collectNews(daemon.store);
      const now = daemon.clock.now();
      for (const { project, channel, nextAt } of listChannelsWithDeliveries(daemon.store)) {
        const key = `${project}/${channel}`;
        const waitMs = nextAt === null ? 0 : nextAt - now;
        // A wait longer than any is one of a clock that was put back.
        const isDue = waitMs <= 0 || waitMs > longestWaitMs;
        if (!isDue) nextMs = Math.min(nextMs, waitMs);
        else if (!busy.has(key) && busy.size < maxAtOnce) start({ project, channel }, key);
      }
    } catch (error) {
      daemon.log.error('channels could not be looked at', error);
    }
    timer = setTimeout(look, nextMs);
    timer.unref();
  };

  // Not in the middle of what stored the event, and once for several of one moment.
  let isAsked = false;
  const soon = () => {
    if (isAsked) return;
    isAsked = true;
    setImmediate(() => {
      isAsked = false;
      look();
    });
  };

  const stopListening = daemon.events.listen(soon);
  look();
  return {
    wake: soon,
    test: (project, channel, signal) => testChannel(daemon, { project, channel, signal: AbortSignal.any([signal, stopping.signal, AbortSignal.timeout(timeoutMs)]) }),
    async close() {
      closed = true;
      stopListening();
      clearTimeout(timer);
      const wait = setTimeout(() => stopping.abort(new RedControlError('CANCELLED', 'The daemon stops')), closeMs);
      await Promise.all(busy.values());
      clearTimeout(wait);
      stopping.abort();
    },
  };
}

async function testChannel(daemon: OutboxContext, of: { project: string; channel: string; signal: AbortSignal }): Promise<ChannelTest> {
  const project = getProject(daemon.store, of.project);
  const channels = project?.config.channels ?? {};
  const channel = Object.hasOwn(channels, of.channel) ? channels[of.channel] : undefined;
  if (!project || !channel) {
    const known = Object.keys(channels).join(', ');
    throw new RedControlError('NOT_FOUND', `Expected a channel of ${of.project}, got ${of.channel}`, { hint: known === '' ? 'Name one under `channels` and apply it.' : `It has ${known}; a new one has to be applied first.` });
  }
  const begun = performance.now();
  const answer = await sendToChannel(daemon, { project, name: of.channel, channel, key: randomUUID(), signal: of.signal });
  return { delivered: answer.outcome === 'delivered', answer: answer.text, milliseconds: Math.round(performance.now() - begun) };
}
