import type { RedControlEvent } from '@redcontrol/contract';
import { addEvent, lastEventSeq, type NewEvent, type Store } from '../store/index.ts';

/** Tells listeners of stored events, in order, after their transaction. */
export interface EventHub {
  /** Stores an event in the running transaction; listeners hear of it by `flush`. */
  add(event: NewEvent): void;
  /** Tells the listeners what was added since; called after a commit. */
  flush(): void;
  listen(listener: (event: RedControlEvent) => void): () => void;
}

export function createEventHub(store: Store): EventHub {
  const listeners = new Set<(event: RedControlEvent) => void>();
  /** By number: a transaction that was undone and made again gives the same ones. */
  let waiting = new Map<number, RedControlEvent>();
  return {
    add(event) {
      const added = addEvent(store, event);
      waiting.set(added.seq, added);
    },
    flush() {
      const told = waiting;
      waiting = new Map();
      const last = told.size === 0 ? 0 : lastEventSeq(store);
      // What lies beyond the last one stored was undone.
      for (const event of told.values()) if (event.seq <= last) for (const listener of listeners) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
