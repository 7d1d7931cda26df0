import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildOnce, type Watcher } from './build-once.ts';

function slowBuild() {
  const nothing: (text: string) => void = () => {};
  const state = { count: 0, cancelled: false, finish: nothing, say: nothing };
  const build = ({ onOutput, signal }: Required<Watcher>) => {
    state.count++;
    return new Promise<string>((resolve, reject) => {
      state.finish = resolve;
      state.say = (text) => onOutput(Buffer.from(text));
      signal.addEventListener('abort', () => {
        state.cancelled = true;
        reject(signal.reason);
      });
    });
  };
  return { state, build };
}

function watcher(signal?: AbortSignal): Watcher & { text: string } {
  const watching = { text: '', onOutput: (chunk: Buffer) => void (watching.text += chunk.toString()), ...(signal ? { signal } : {}) };
  return watching;
}

test('two who ask at once share one build and its output; who asks later builds again', async () => {
  const { state, build } = slowBuild();
  const [one, other] = [watcher(), watcher()];
  const both = Promise.all([buildOnce('a', one, build), buildOnce('a', other, build)]);
  state.say('hello');
  state.finish('done');
  assert.deepEqual(await both, ['done', 'done']);
  assert.deepEqual([one.text, other.text, state.count], ['hello', 'hello', 1]);
  const again = buildOnce('a', one, build);
  state.finish('second');
  assert.equal(await again, 'second');
  assert.equal(state.count, 2);
});

test('one who leaves does not end the build for the other', async () => {
  const { state, build } = slowBuild();
  const stop = new AbortController();
  const leaving = buildOnce('b', watcher(stop.signal), build);
  const staying = buildOnce('b', watcher(new AbortController().signal), build);
  stop.abort();
  await assert.rejects(leaving, { code: 'CANCELLED' });
  assert.equal(state.cancelled, false);
  state.finish('done');
  assert.equal(await staying, 'done');
});

test('the last who leaves ends it', async () => {
  const { state, build } = slowBuild();
  const stop = new AbortController();
  const leaving = buildOnce('c', watcher(stop.signal), build);
  stop.abort();
  await assert.rejects(leaving);
  assert.equal(state.cancelled, true);
  await assert.rejects(buildOnce('c', watcher(stop.signal), build), { code: 'CANCELLED' });
});
