import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { createUpstream, temporaryFolder, testGit, type Upstream } from '../testing/upstream.ts';
import { heldClock } from '../testing/held-clock.ts';
import { followSource, hasCommit, type FollowOptions, type FollowState, type RefChange, type RefStore, type RemoteRefs } from '../index.ts';
import { lookAtSource, settle } from './look.ts';

const project = 'shop';
const pollMs = 15_000;

interface Following {
  upstream: Upstream;
  /** Changes of each call of onChange. */
  calls: { changes: RefChange[]; firstLook: boolean }[];
  states: FollowState[];
  store: RefStore & { current(): RemoteRefs | undefined };
  /** Lets one poll come and waits until its look is over. */
  poll(): Promise<void>;
}

function memoryStore(): Following['store'] {
  let refs: RemoteRefs | undefined;
  return {
    current: () => refs,
    read: () => structuredClone(refs),
    commit(_project, next, apply) {
      apply();
      refs = structuredClone(next);
    },
  };
}

async function follow(t: TestContext, options: { prepare?: (upstream: Upstream) => Promise<unknown>; onChange?: FollowOptions['onChange'] } = {}) {
  const folder = await temporaryFolder(t);
  const upstream = await createUpstream(folder);
  await options.prepare?.(upstream);
  const git = testGit(folder);
  const [clock, store, ending] = [heldClock(), memoryStore(), new AbortController()];
  const calls: Following['calls'] = [];
  const states: FollowState[] = [];
  const follower = followSource({
    project, url: upstream.url, pollMs, clock, store, git, signal: ending.signal, random: () => 0.5,
    onChange: async (changes, refs, look) => {
      const effect = await options.onChange?.(changes, refs, look);
      return () => {
        effect?.();
        calls.push({ changes, firstLook: look.firstLook });
      };
    },
    onState: (state) => states.push(state),
  });
  t.after(async () => {
    ending.abort();
    await follower.done;
  });
  await clock.sleeping();
  const poll = async () => {
    await clock.sleeping();
    clock.advance(10 * 60_000);
    await clock.sleeping();
  };
  return { upstream, git, clock, store, calls, states, follower, poll, ending };
}

test('the first look tells all that is there once, and a poll without news nothing', async (t) => {
  let main = '';
  const { calls, states, poll, store, git, clock } = await follow(t, { prepare: async (upstream) => { main = await upstream.commit('main', { a: '1' }); } });
  assert.deepEqual(calls, [{ changes: [{ kind: 'branch', name: 'main', after: main }], firstLook: true }]);
  assert.equal(await hasCommit(git, project, main), true, 'fetched before it is told');
  assert.equal(store.current()?.head, 'main');
  await poll();
  await poll();
  assert.equal(calls.length, 1);
  assert.deepEqual(states.map(({ state }) => state), ['following'], 'one line a state');
  assert.deepEqual(clock.asked, [pollMs, pollMs, pollMs]);
});

test('each change is told once, whether polling or a poke sees it first', async (t) => {
  const { upstream, calls, poll, follower } = await follow(t, { prepare: (upstream) => upstream.commit('main', { a: '1' }) });
  const one = await upstream.git('rev-parse', 'main');
  const two = await upstream.commit('main', { a: '2' });
  await follower.look();
  await poll();
  await follower.look();
  const three = await upstream.commit('main', { a: '3' });
  await poll();
  await follower.look();
  follower.poke({ commit: three });
  follower.poke({ commit: three });
  await follower.look();
  assert.deepEqual(calls.slice(1).map(({ changes }) => changes), [
    [{ kind: 'branch', name: 'main', before: one, after: two }],
    [{ kind: 'branch', name: 'main', before: two, after: three }],
  ]);
});

test('forced, deleted and re-created branches, moved and nested tags', async (t) => {
  const { upstream, calls, follower, poll } = await follow(t, { prepare: (upstream) => upstream.commit('main', { a: '1' }) });
  const last = () => calls.at(-1)?.changes;
  const one = await upstream.git('rev-parse', 'main');
  const other = await upstream.commit('scratch', { z: 'z' });
  await upstream.git('update-ref', '-d', 'refs/heads/scratch');
  await upstream.git('update-ref', 'refs/heads/main', other);
  await follower.look();
  assert.deepEqual(last(), [{ kind: 'branch', name: 'main', before: one, after: other, forced: true }]);
  await upstream.git('update-ref', '-d', 'refs/heads/main');
  await poll();
  assert.deepEqual(last(), [{ kind: 'branch', name: 'main', before: other }]);
  assert.equal(follower.state().state, 'empty');
  await upstream.git('update-ref', 'refs/heads/main', other);
  await poll();
  assert.deepEqual(last(), [{ kind: 'branch', name: 'main', after: other }]);
  await upstream.git('tag', '-a', '-m', 'm', 'v1', other);
  await upstream.git('tag', '-a', '-m', 'm', 'again', 'v1');
  await follower.look();
  assert.deepEqual(last(), [{ kind: 'tag', name: 'again', after: other }, { kind: 'tag', name: 'v1', after: other }]);
  const told = calls.length;
  await poll();
  await follower.look();
  assert.equal(calls.length, told, 'polls and pokes see the same commit behind a tag of a tag');
  await upstream.git('tag', '-f', 'v1', one);
  await poll();
  assert.deepEqual(last(), [{ kind: 'tag', name: 'v1', before: other, after: one }]);
});

test('an empty repository is followed until something comes', async (t) => {
  const { upstream, calls, poll, follower, states } = await follow(t);
  assert.equal(follower.state().state, 'empty');
  assert.equal(calls.length, 0);
  const main = await upstream.commit('main', { a: '1' });
  await poll();
  assert.deepEqual(calls, [{ changes: [{ kind: 'branch', name: 'main', after: main }], firstLook: true }]);
  assert.deepEqual(states.map(({ state }) => state), ['empty', 'following']);
});

test('a repository that is away is tried at growing waits, told once, and found again', async (t) => {
  const { upstream, clock, states, poll, follower } = await follow(t, { prepare: (upstream) => upstream.commit('main', { a: '1' }) });
  await rename(upstream.directory, `${upstream.directory}.away`);
  for (let round = 0; round < 7; round += 1) await poll();
  assert.deepEqual(clock.asked.slice(1), [30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 300_000]);
  assert.deepEqual(states.map(({ state }) => state), ['following', 'unreachable']);
  assert.match(states[1]?.error ?? '', /no git repository/);
  await assert.rejects(follower.look(), { code: 'REPOSITORY_UNREACHABLE' });
  await rename(`${upstream.directory}.away`, upstream.directory);
  await follower.look();
  assert.equal(follower.state().state, 'following');
  assert.equal(follower.state().error, null);
  await clock.sleeping();
  assert.equal(clock.asked.at(-1), pollMs);
});

test('what fails while it is handed on is handed on again, and the effect comes with the refs or not at all', async (t) => {
  let fails: 'before' | 'in the transaction' | undefined;
  const effects: string[] = [];
  const { upstream, calls, store, poll, follower } = await follow(t, {
    prepare: (upstream) => upstream.commit('main', { a: '1' }),
    onChange: (changes) => {
      if (fails === 'before') throw new Error('no database');
      return () => {
        if (fails === 'in the transaction') throw new Error('disk full');
        effects.push(changes[0]?.after ?? '');
      };
    },
  });
  const one = await upstream.git('rev-parse', 'main');
  const two = await upstream.commit('main', { a: '2' });
  fails = 'before';
  await poll();
  assert.match(follower.state().error ?? '', /no database/);
  fails = 'in the transaction';
  await assert.rejects(follower.look(), /disk full/);
  assert.equal(store.current()?.branches['main'], one);
  fails = undefined;
  await poll();
  assert.deepEqual(effects, [one, two]);
  assert.equal(store.current()?.branches['main'], two);
  assert.equal(calls.length, 2);
});

test('a commit that vanishes between the question and the fetch is looked at again', async (t) => {
  const folder = await temporaryFolder(t);
  const upstream = await createUpstream(folder);
  const one = await upstream.commit('main', { a: '1' });
  const git = testGit(folder);
  const look = (stored: RemoteRefs | undefined) => lookAtSource(git, { project, url: upstream.url, stored, expectChange: false, signal: new AbortController().signal });
  const first = await look(undefined);
  // A host that still announces a commit whose objects are gone: what a forced push in between looks like.
  await upstream.git('tag', 'keep', one);
  const lost = 'f'.repeat(40);
  const settled = await settle(git, {
    project,
    before: first.refs,
    refs: { branches: { main: lost, fresh: lost, good: one }, tags: {}, refused: [] },
    isFetched: true,
    changes: [{ kind: 'branch', name: 'main', before: one, after: lost }, { kind: 'branch', name: 'fresh', after: lost }, { kind: 'branch', name: 'good', after: one }],
  });
  assert.deepEqual(settled.changes, [{ kind: 'branch', name: 'good', after: one }]);
  assert.deepEqual(settled.refs.branches, { main: one, good: one }, 'stored as they were, so that the next look sees them');
});

test('a tag of something else than a commit is refused and not asked for again', async (t) => {
  const { upstream, git, calls, follower, poll, store, ending } = await follow(t, { prepare: (upstream) => upstream.commit('main', { a: '1' }) });
  const tree = await upstream.git('rev-parse', 'main^{tree}');
  await upstream.git('tag', 'just-a-tree', tree);
  await follower.look();
  assert.equal(calls.length, 1);
  assert.equal(store.current()?.tags['just-a-tree'], undefined);
  const again = await lookAtSource(git, { project, url: upstream.url, stored: store.current(), expectChange: false, signal: ending.signal });
  assert.equal(again.fetched, false, 'nothing is fetched for it any more');
  await poll();
  assert.deepEqual(follower.state().refused, [{ kind: 'tag', name: 'just-a-tree', reason: 'points to a tree, not to a commit' }]);
  assert.equal(calls.length, 1);
});

test('a webhook that comes before the host shows its commit leads to a few more looks', async (t) => {
  const { upstream, clock, calls, follower } = await follow(t, { prepare: (upstream) => upstream.commit('main', { a: '1' }) });
  const hidden = await upstream.commit('hidden', { a: '2' });
  await upstream.git('update-ref', '-d', 'refs/heads/hidden');
  follower.poke({ commit: hidden });
  await follower.look();
  await clock.sleeping();
  assert.equal(clock.asked.at(-1), 1000);
  await upstream.git('update-ref', 'refs/heads/main', hidden);
  clock.advance(1000);
  await clock.sleeping();
  while (calls.length < 2) await new Promise(setImmediate);
  assert.equal(calls[1]?.changes[0]?.after, hidden);
  await clock.sleeping();
  assert.equal(clock.asked.at(-1), pollMs);
});

test('an end stops the follower at any point', async (t) => {
  const { ending, follower } = await follow(t, { prepare: (upstream) => upstream.commit('main', { a: '1' }) });
  const look = follower.look();
  ending.abort();
  await assert.rejects(look);
  await follower.done;
  await assert.rejects(follower.look());
});
