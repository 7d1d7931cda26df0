/** Lets at most `perKey` works of a key run at the same time; the others wait in the order they came. */
export interface Turns {
  /** Rejects with the signal's reason when it fires while waiting. */
  take<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Lane {
  running: number;
  waiting: (() => void)[];
}

/** The queue is as long as its callers are many: it holds nothing but them. */
export function createTurns(options: { perKey: number }): Turns {
  const lanes = new Map<string, Lane>();

  return {
    async take(key, work, signal) {
      signal?.throwIfAborted();
      const lane = lanes.get(key) ?? { running: 0, waiting: [] };
      lanes.set(key, lane);
      if (lane.running >= options.perKey) await turn(lane, signal);
      else lane.running += 1;
      try {
        return await work();
      } finally {
        const next = lane.waiting.shift();
        if (next) next();
        else {
          lane.running -= 1;
          if (lane.running === 0) lanes.delete(key);
        }
      }
    },
  };
}

function turn(lane: Lane, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const start = () => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      lane.waiting.splice(lane.waiting.indexOf(start), 1);
      reject(signal?.reason);
    };
    lane.waiting.push(start);
    signal?.addEventListener('abort', leave, { once: true });
  });
}
