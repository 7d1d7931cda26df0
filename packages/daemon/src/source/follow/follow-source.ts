import { asRedControlError, type RedControlError, type SourceState } from '@redcontrol/contract';
import type { Clock } from '@redcontrol/system';
import type { Git } from '../git/git.ts';
import type { RefusedRef } from '../git/ref-name.ts';
import { hasCommit } from '../mirror/has-commit.ts';
import { maintainMirror } from '../mirror/maintain-mirror.ts';
import { isEmpty, type ListedRefs } from '../mirror/remote-refs.ts';
import { lookAtSource, type Look } from './look.ts';
import type { RefChange } from './ref-change.ts';
import type { RefStore } from './ref-store.ts';
import { createWakeup } from './wakeup.ts';

export interface FollowOptions {
  project: string;
  url: string;
  pollMs: number;
  clock: Clock;
  store: RefStore;
  git: Git;
  /**
   * Called once for the changes of a look, with their commits fetched. What it returns runs in the transaction that
   * stores the refs, so that the effect and the knowledge of it come together. When it throws, nothing is stored and
   * the next look brings the same changes.
   */
  onChange(changes: RefChange[], refs: ListedRefs, look: { firstLook: boolean; signal: AbortSignal }): Promise<(() => void) | void> | (() => void) | void;
  /** Called when the state or its error changes, not at every look: a line of the log. */
  onState(state: FollowState): void;
  signal: AbortSignal;
  /** 0 to below 1, for the jitter. */
  random?: () => number;
}

export interface FollowState extends SourceState {
  /** Names that are not used, with the reason. */
  refused: RefusedRef[];
}

export interface Follower {
  /** Looks at once. A commit that a webhook named is waited for a little, as hosts announce before they show. */
  poke(hint?: { commit?: string }): void;
  /** Like poke, and resolves when that look is over. Rejects when it failed or the follower has ended. */
  look(): Promise<void>;
  state(): FollowState;
  /** Resolves when the signal has fired and nothing runs any more. */
  done: Promise<void>;
}

export const maxFailureWaitMs = 5 * 60_000;
const jitterShare = 0.1;
/** Waits after a look that did not show the commit that a webhook named. */
const hintWaitsMs = [1000, 2000, 4000];
/** Each fetch leaves a pack; this many are worth a look by the mirror's maintenance. */
const fetchesBeforeMaintenance = 20;

/** Follows a repository: by polling, and at once when poked. Both see the same stored refs, so nothing starts twice. */
export function followSource(options: FollowOptions): Follower {
  const { project, clock, signal } = options;
  const wakeup = createWakeup(clock, signal);
  let state: FollowState = { state: 'waiting', error: null, checkedAt: null, nextCheckAt: null, branches: 0, tags: 0, refused: [] };
  let failures = 0;
  let hints: { commit: string; tries: number }[] = [];
  let waiters: PromiseWithResolvers<void>[] = [];
  let fetches = 0;
  let maintenance: Promise<void> = Promise.resolve();

  const setState = (next: FollowState) => {
    const isNews = next.state !== state.state || next.error !== state.error;
    state = next;
    if (isNews) options.onState(next);
  };

  const lookOnce = async (expectChange: boolean) => {
    const started = waiters;
    waiters = [];
    try {
      const look = await lookAtSource(options.git, { project, url: options.url, stored: options.store.read(project), expectChange, signal });
      await bring(options, look);
      failures = 0;
      if (look.fetched) fetches += 1;
      setState({ ...stateOf(look), checkedAt: clock.now(), nextCheckAt: null });
      for (const waiter of started) waiter.resolve();
    } catch (thrown) {
      const error = asRedControlError(thrown);
      for (const waiter of started) waiter.reject(error);
      if (signal.aborted) return;
      failures += 1;
      setState({ ...state, ...failedState(state, error), checkedAt: clock.now(), nextCheckAt: null });
    }
  };

  const nextWaitMs = async (): Promise<number> => {
    hints = (await Promise.all(hints.map(async (hint) => ({ hint, there: await hasCommit(options.git, project, hint.commit) })))).flatMap(({ hint, there }) => (there ? [] : [{ ...hint, tries: hint.tries + 1 }]));
    hints = hints.filter(({ tries }) => tries <= hintWaitsMs.length);
    const pollMs = failures === 0 ? options.pollMs : Math.min(maxFailureWaitMs, options.pollMs * 2 ** Math.min(failures, 20));
    const jittered = pollMs * (1 - jitterShare + 2 * jitterShare * (options.random ?? Math.random)());
    return Math.min(jittered, ...hints.map(({ tries }) => hintWaitsMs[tries - 1] ?? jittered));
  };

  const run = async () => {
    let poked = false;
    while (!signal.aborted) {
      await lookOnce(poked);
      if (signal.aborted) break;
      if (fetches >= fetchesBeforeMaintenance) {
        fetches = 0;
        // Not waited for: git keeps it apart from fetches. A failure is met again by the next one.
        maintenance = maintainMirror(options.git, project, signal).catch(() => {});
      }
      const waitMs = await nextWaitMs();
      state = { ...state, nextCheckAt: clock.now() + Math.round(waitMs) };
      poked = (await wakeup.wait(waitMs)) === 'poked' || hints.length > 0;
    }
    for (const waiter of waiters) waiter.reject(signal.reason);
    await maintenance;
  };

  return {
    poke(hint) {
      if (hint?.commit !== undefined && hints.length < 100) hints.push({ commit: hint.commit, tries: 0 });
      wakeup.poke();
    },
    look() {
      const waiter = Promise.withResolvers<void>();
      if (signal.aborted) waiter.reject(signal.reason);
      else waiters.push(waiter);
      wakeup.poke();
      return waiter.promise;
    },
    state: () => state,
    done: run(),
  };
}

/** Hands a look's changes on and stores them with their effect. */
async function bring(options: FollowOptions, look: Look): Promise<void> {
  const { refs, changes, firstLook } = look;
  const stored = { branches: refs.branches, tags: refs.tags, ...(refs.head === undefined ? {} : { head: refs.head }) };
  if (changes.length === 0) {
    if (firstLook && options.store.read(options.project) === undefined) options.store.commit(options.project, stored, () => {});
    return;
  }
  const effect = await options.onChange(changes, refs, { firstLook, signal: options.signal });
  options.signal.throwIfAborted();
  options.store.commit(options.project, stored, () => effect?.());
}

function stateOf({ refs }: Look): Pick<FollowState, 'state' | 'error' | 'branches' | 'tags' | 'refused'> {
  return { state: isEmpty(refs) ? 'empty' : 'following', error: null, branches: Object.keys(refs.branches).length, tags: Object.keys(refs.tags).length, refused: refs.refused };
}

function failedState(state: FollowState, error: RedControlError): Pick<FollowState, 'state' | 'error'> {
  const unreachable = error.code === 'REPOSITORY_UNREACHABLE' || error.code === 'DISK_FULL' || error.code === 'LIMIT_REACHED';
  return { state: unreachable ? 'unreachable' : state.state, error: [error.message, error.hint].filter(Boolean).join('. ') };
}
