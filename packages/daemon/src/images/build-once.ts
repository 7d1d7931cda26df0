import { RedControlError } from '@redcontrol/contract';

/** Builds that are under way in this process, by what they make. */
const underWay = new Map<string, SharedBuild>();

interface SharedBuild {
  result: Promise<string>;
  stop: AbortController;
  watchers: Set<Watcher>;
}

export interface Watcher {
  onOutput: (chunk: Buffer) => void;
  signal?: AbortSignal;
}

/**
 * Everybody who asks for the same thing at the same time waits for one build and sees its output from then on.
 * A caller whose signal fires leaves at once with CANCELLED; the build is cancelled when the last has left.
 */
export async function buildOnce(key: string, watcher: Watcher, build: (watcher: Required<Watcher>) => Promise<string>): Promise<string> {
  if (watcher.signal?.aborted) throw cancelled(key);
  const shared = underWay.get(key) ?? begin(key, build);
  shared.watchers.add(watcher);
  if (!watcher.signal) return shared.result;
  return leaveOnAbort(shared, watcher, { key, signal: watcher.signal });
}

function begin(key: string, build: (watcher: Required<Watcher>) => Promise<string>): SharedBuild {
  const stop = new AbortController();
  const watchers = new Set<Watcher>();
  const onOutput = (chunk: Buffer) => {
    for (const each of watchers) each.onOutput(chunk);
  };
  const result = build({ onOutput, signal: stop.signal }).finally(() => {
    if (underWay.get(key) === shared) underWay.delete(key);
  });
  const shared: SharedBuild = { result, stop, watchers };
  underWay.set(key, shared);
  return shared;
}

function leaveOnAbort(shared: SharedBuild, watcher: Watcher, { key, signal }: { key: string; signal: AbortSignal }): Promise<string> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      shared.watchers.delete(watcher);
      if (shared.watchers.size > 0) return reject(cancelled(key));
      // The last one waits for the end, so that nothing of the build goes on behind its back.
      shared.stop.abort();
    };
    signal.addEventListener('abort', leave, { once: true });
    shared.result.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

function cancelled(key: string): RedControlError {
  return new RedControlError('CANCELLED', `Making ${key.split(' ').at(-1)} was cancelled`);
}
