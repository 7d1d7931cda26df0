import type { RedControlEvent } from '@redcontrol/contract';
import { addEvent, type NewEvent, type Store } from '../store/index.ts';

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
  let waiting: RedControlEvent[] = [];
  return {
    add(event) {
      waiting.push(addEvent(store, event));
    },
    flush() {
      const told = waiting;
      waiting = [];
      for (const event of told) for (const listener of listeners) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
