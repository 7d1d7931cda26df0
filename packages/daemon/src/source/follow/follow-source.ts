import { asRedControlError, type RedControlError, type SourceState } from '@redcontrol/contract';
import type { Clock } from '@redcontrol/system';
import type { Git } from '../git/git.ts';
import type { RefusedRef } from '../git/ref-name.ts';
import { maintainMirror } from '../mirror/maintain-mirror.ts';
import { isEmpty, type ListedRefs } from '../mirror/remote-refs.ts';
import { createCommitHints } from './commit-hints.ts';
import { lookAtSource, type Look } from './look.ts';
import { pollWaitMs } from './poll-wait.ts';
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
  /** Called after each look that did not fail, also where nothing had changed. */
  onLooked?(refs: ListedRefs): void;
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
  /** Looks at once. A commit that a webhook named is waited for a little. */
  poke(hint?: { commit?: string | undefined }): void;
  /** Like poke, and resolves when that look is over. Rejects when it failed or the follower has ended. */
  look(): Promise<void>;
  state(): FollowState;
  /** Resolves when the signal has fired and nothing runs any more. */
  done: Promise<void>;
}

/** Each fetch leaves a pack; this many are worth a look by the mirror's maintenance. */
const fetchesBeforeMaintenance = 20;

/** Follows a repository: by polling, and at once when poked. Both see the same stored refs, so nothing starts twice. */
export function followSource(options: FollowOptions): Follower {
  const { git, project, signal } = options;
  const wakeup = createWakeup(options.clock, signal);
  const hints = createCommitHints(git, project);
  const looker = createLooker(options);
  let waiters: PromiseWithResolvers<void>[] = [];

  const run = async () => {
    let expectChange = false;
    while (!signal.aborted) {
      const served = waiters;
      waiters = [];
      const error = await looker.look(expectChange);
      for (const { resolve, reject } of served) {
        if (error === undefined) resolve();
        else reject(error);
      }
      if (signal.aborted) break;
      const hintMs = await hints.nextWaitMs();
      const pollMs = pollWaitMs({ pollMs: options.pollMs, failures: looker.failures(), followers: git.followers.count, random: options.random ?? Math.random });
      const waitMs = Math.min(pollMs, hintMs ?? pollMs);
      looker.announce(options.clock.now() + Math.round(waitMs));
      expectChange = (await wakeup.wait(waitMs)) === 'poked' || hintMs !== undefined;
    }
    for (const waiter of waiters) waiter.reject(signal.reason);
    await looker.settled();
  };

  git.followers.count += 1;
  return {
    poke(hint) {
      if (hint?.commit !== undefined) hints.add(hint.commit);
      wakeup.poke();
    },
    look() {
      if (signal.aborted) return Promise.reject(signal.reason);
      const waiter = Promise.withResolvers<void>();
      waiters.push(waiter);
      wakeup.poke();
      return waiter.promise;
    },
    state: looker.state,
    done: run().finally(() => (git.followers.count -= 1)),
  };
}

interface Looker {
  /** One look, handed on and stored. Answers the error that it ended with. */
  look(expectChange: boolean): Promise<RedControlError | undefined>;
  /** Looks that failed since the last that did not. */
  failures(): number;
  announce(nextCheckAt: number): void;
  state(): FollowState;
  settled(): Promise<void>;
}

function createLooker(options: FollowOptions): Looker {
  const { git, project, clock, signal } = options;
  let state: FollowState = { state: 'waiting', error: null, checkedAt: null, nextCheckAt: null, branches: 0, tags: 0, refused: [] };
  let [failures, fetches] = [0, 0];
  let maintenance: Promise<void> = Promise.resolve();

  const setState = (next: FollowState) => {
    const isNews = next.state !== state.state || next.error !== state.error;
    state = { ...next, checkedAt: clock.now(), nextCheckAt: null };
    if (isNews) options.onState(state);
  };

  return {
    async look(expectChange) {
      try {
        const look = await lookAtSource(git, { project, url: options.url, stored: options.store.read(project), expectChange, signal });
        await handOn(options, look);
        options.onLooked?.(look.refs);
        failures = 0;
        fetches += Number(look.fetched);
        setState({ ...state, ...stateOf(look) });
        // Not waited for: git keeps it apart from fetches. A failure is met again by the next one.
        if (fetches >= fetchesBeforeMaintenance) maintenance = maintainMirror(git, project, signal).catch(() => {});
        fetches %= fetchesBeforeMaintenance;
        return undefined;
      } catch (thrown) {
        const error = asRedControlError(thrown);
        if (signal.aborted) return error;
        failures += 1;
        setState({ ...state, ...failedState(state, error) });
        return error;
      }
    },
    failures: () => failures,
    announce(nextCheckAt) {
      state = { ...state, nextCheckAt };
    },
    state: () => state,
    settled: () => maintenance,
  };
}

/** Hands a look's changes on and stores them with their effect. */
async function handOn(options: FollowOptions, look: Look): Promise<void> {
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
