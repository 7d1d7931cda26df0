import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduceEditor, isDirty, type EditorState } from '../src/editor/editor-state.ts';
import { withValue } from '../src/editor/read-data.ts';
import { diffLines } from '../src/pages/environment/diff-lines.ts';
import { deployments } from '../src/pages/sections/deployments.ts';
import { lineForScroll, scrollForLine, scrollHeightPx, topMost } from '../src/parts/log/log-scroll.ts';
import { en } from '../src/words/en.ts';
import { createTranslate } from '../src/words/translate.ts';
import { ru } from '../src/words/ru.ts';

test('what would deploy where, and what nothing would reach', () => {
  const repository = { branches: [{ name: 'main', commit: 'a' }, { name: 'develop', commit: 'b' }], tags: [{ name: 'v1.4.0', commit: 'a', branches: ['main', 'develop'] }, { name: 'v2.0.0-rc1', commit: 'b', branches: ['develop'] }] };
  const rules = { production: { deploy: { branch: 'main', tag: 'v*' } }, test: { deploy: { branch: 'develop' } }, old: { deploy: { branch: 'main', tag: 'w*' } } };
  const { examples, idle } = deployments(rules, repository);
  assert.deepEqual(examples, [{ ref: 'v1.4.0', branch: 'main', environment: 'production' }, { ref: 'develop', branch: 'develop', environment: 'test' }]);
  assert.deepEqual(idle, ['old']);
});

test('lines that were removed and added', () => {
  const words = diffLines('a\nb\nc\n', 'a\nx\nc\nd\n').map(({ kind, text }) => `${kind} ${text}`);
  assert.deepEqual(words, ['same a', 'removed b', 'added x', 'same c', 'added d']);
});

test('typing in one field is one edit; other edits are kept in order', () => {
  let state: EditorState = { revision: 'r', base: 'a: 1\n', edits: [], isTyped: false, data: { a: 1 }, text: 'a: 1\n', problems: [], warnings: [], isChecked: true };
  assert.equal(isDirty(state), false);
  for (const value of ['x', 'xy', 'xyz']) state = reduceEditor(state, { kind: 'edit', path: ['name'], value });
  state = reduceEditor(state, { kind: 'edit', path: ['a'], value: undefined });
  assert.deepEqual(state.edits, [{ path: ['name'], value: 'xyz' }, { path: ['a'], remove: true }]);
  assert.deepEqual(state.data, { name: 'xyz' });
  const late = reduceEditor(state, { kind: 'checked', edits: [], base: 'a: 1\n', text: 'old', data: {}, problems: [], warnings: [] });
  assert.equal(late, state, 'an answer to an older state changes nothing');
  assert.deepEqual(withValue({ list: [1, 2, 3] }, ['list', 1], undefined), { list: [1, 3] });
});

test('scrolling maps lines and pixels both ways, scaled for the longest logs', () => {
  for (const lines of [1000, 5_000_000]) {
    const view = { viewPx: 600, lines };
    for (const line of [0, 17, Math.floor(lines / 3), topMost(lines, 600)]) {
      const back = lineForScroll({ scrollTopPx: scrollForLine({ line, ...view }), ...view });
      assert.ok(Math.abs(back - line) < 0.01, `${lines} lines, line ${line}, got ${back}`);
    }
    assert.ok(scrollHeightPx(lines) <= 8_000_000);
  }
});

test('both languages have the same keys and places, and Russian its plural forms', () => {
  assert.deepEqual(Object.keys(ru).sort(), Object.keys(en).sort());
  for (const [key, word] of Object.entries(en)) {
    const other = (ru as Record<string, typeof word>)[key]!;
    const placesOf = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join();
    const forms = typeof other === 'string' ? [other] : Object.values(other);
    for (const form of forms) assert.equal(placesOf(form), placesOf(typeof word === 'string' ? word : word.other), key);
  }
  const t = createTranslate('ru', ru);
  assert.deepEqual([1, 3, 11, 21].map((count) => t('count.days', { count })), ['остался 1 день', 'осталось 3 дня', 'осталось 11 дней', 'остался 21 день']);
});
