import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { createReadAgain } from '../src/connection/read-again.ts';
import { timeLeftMs } from '../src/pages/settings/time-left.ts';

let queries = new QueryClient();
let stop = () => {};
afterEach(() => {
  stop();
  queries.clear();
});

/** A query whose answers come when they are given, and who watches it. */
function watched() {
  queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false, networkMode: 'always' } } });
  const asked: PromiseWithResolvers<string>[] = [];
  let cancelled = 0;
  const observer = new QueryObserver<string>(queries, {
    queryKey: ['daemon', 'a', 'run.show'],
    queryFn: ({ signal }) => {
      signal.addEventListener('abort', () => (cancelled += 1));
      const answer = Promise.withResolvers<string>();
      asked.push(answer);
      return answer.promise;
    },
  });
  stop = observer.subscribe(() => {});
  return { asked, shown: () => observer.getCurrentResult().data, cancelled: () => cancelled, tell: createReadAgain(queries) };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test('an answer that was on its way when a change was told is read once more', async () => {
  const { asked, shown, tell } = watched();
  tell({ queryKey: ['daemon', 'a'] });
  tell({ queryKey: ['daemon', 'a'] });
  assert.equal(asked.length, 1);
  asked[0]?.resolve('before the change');
  await settle();
  assert.equal(asked.length, 2, 'asked again, once for both');
  asked[1]?.resolve('after it');
  await settle();
  assert.equal(shown(), 'after it');
  assert.equal(asked.length, 2);
});

test('changes that come faster than answers keep no answer away', async () => {
  const { asked, shown, cancelled, tell } = watched();
  asked[0]?.resolve('first');
  await settle();
  for (let change = 0; change < 20; change += 1) tell({ queryKey: ['daemon', 'a'] });
  asked[1]?.resolve('second');
  await settle();
  assert.equal(shown(), 'second');
  assert.equal(cancelled(), 0);
  asked[2]?.resolve('third');
  await settle();
  assert.deepEqual([shown(), asked.length], ['third', 3]);
});

test('an answer that fails is asked for again after the change', async () => {
  const { asked, shown, tell } = watched();
  tell({ queryKey: ['daemon', 'a'] });
  asked[0]?.reject(new Error('away'));
  await settle();
  asked[1]?.resolve('there');
  await settle();
  assert.equal(shown(), 'there');
});

test('others are not asked for', async () => {
  const { asked, tell } = watched();
  asked[0]?.resolve('first');
  await settle();
  tell({ queryKey: ['daemon', 'b'] });
  await settle();
  assert.equal(asked.length, 1);
});

test('time left is told only where all of it is known', () => {
  const step = (state: 'waiting' | 'started' | 'done', usualMs: number | null, startedAt: number | null = null) => ({ id: 'x', server: 'main', description: '', state, startedAt, finishedAt: null, usualMs, output: '' });
  assert.equal(timeLeftMs([step('done', 500), step('started', 1000, 0), step('waiting', 300)], 400), 900);
  assert.equal(timeLeftMs([step('started', 1000, 0), step('waiting', 300)], 5000), 300, 'what takes longer than usual may end any time');
  assert.equal(timeLeftMs([step('started', 1000, 0), step('waiting', null)], 400), undefined);
  assert.equal(timeLeftMs([step('done', 500)], 400), undefined);
});
