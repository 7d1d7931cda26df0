import type { RedControlEvent } from '@redcontrol/contract';
import { lastEventSeq, listEvents } from '../../store/index.ts';
import type { Handlers } from '../handlers.ts';
import type { Caller } from '../caller.ts';

const replayBatch = 500;

export const eventMethods: Pick<Handlers, 'events.follow' | 'events.list'> = {
  /** What happened after `after` is told first, then what happens; without it only what happens from now on. */
  'events.follow'({ daemon, parts, params, caller, notify, onClose }) {
    const newest = lastEventSeq(daemon.store);
    // A reader that is ahead knew another daemon here: `last` in the answer tells it so.
    let told = Math.min(params.after ?? newest, newest);
    const tell = (event: RedControlEvent) => {
      if (event.seq <= told) return;
      told = event.seq;
      if (maySee(caller, event.project)) notify('event', event);
    };
    for (;;) {
      const missed = listEvents(daemon.store, told, replayBatch);
      for (const event of missed) tell(event);
      if (missed.length < replayBatch) break;
    }
    onClose(daemon.events.listen(tell));
    onClose(parts.onLog((log) => notify('log', log)));
    return { last: told };
  },

  'events.list': ({ daemon, params, caller }) => listEvents(daemon.store, params.after ?? Math.max(0, lastEventSeq(daemon.store) - params.limit), params.limit).filter((event) => maySee(caller, event.project)),
};

export function maySee(caller: Caller, project: string): boolean {
  return caller.projects === undefined || caller.projects.includes(project);
}
