import { setTimeout as delay } from 'node:timers/promises';
import { asRedControlError } from '@redcontrol/contract';
import type { Engine } from './engine.ts';

/** An engine that is upgraded is back in seconds, and one whose containers end slowly in a minute. */
const backWithinMs = 180_000;
const askEveryMs = 250;
const silenceMs = 5_000;
const maxTries = 5;

/** Waits until the engine answers; false when it stays away. */
export async function engineAnswers(engine: Engine, signal?: AbortSignal): Promise<boolean> {
  const until = Date.now() + backWithinMs;
  while (Date.now() < until && !signal?.aborted) {
    // Where systemd holds the socket a question is not refused: it waits until somebody listens again.
    const ping = engine.docker.ping().then(() => true, () => false);
    if (await Promise.race([ping, delay(silenceMs, false)])) return true;
    await delay(askEveryMs);
  }
  return false;
}

/** Runs a task that may be begun again; when the engine is stopped in the middle, waits for it and does so. Throws what the task throws. */
export async function acrossRestarts<T>(engine: Engine, task: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await task();
    } catch (thrown) {
      if (asRedControlError(thrown).code !== 'ENGINE_UNAVAILABLE' || tries >= maxTries || !(await engineAnswers(engine))) throw thrown;
    }
  }
}
