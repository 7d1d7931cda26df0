import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RedControlEvent } from '@redcontrol/contract';
import { english } from '../words/english.ts';
import { russian } from '../words/russian.ts';
import { messageOf, summaryOf } from './message.ts';
import { noticeOf, type Notice } from './notice.ts';
import { isQuiet, passesFilters } from './passes-filters.ts';

const failed: RedControlEvent = {
  seq: 7, at: 0, kind: 'run.failed', project: 'shop', environment: null, runId: 3, text: 'run 3 (main) failed',
  data: { ref: 'main', commit: 'abc', message: 'Fix the cart\n\nMore', author: 'Anna', authorEmail: 'anna@example.com', environments: ['production'], error: { code: 'STEP_FAILED', message: 'test failed' }, failedTests: ['adds', 'removes'] },
};
const notice = (changes: Partial<Notice> = {}): Notice => ({ ...noticeOf(failed, 'main')!, ...changes });

test('a failure names its step, its tests and the last lines', () => {
  const message = messageOf(notice(), english, { step: 'test', lastLines: ['1 of 2 failed'] });
  assert.equal(message.title, 'shop: main failed');
  assert.equal(message.body, 'Fix the cart — Anna\nStep test\n2 tests failed:\n• adds\n• removes\n1 of 2 failed');
  assert.deepEqual([message.urgency, message.actions, message.subject], ['critical', ['log', 'open', 'retry'], 'main/shop/run/3']);
});

test('text from a commit or a log cannot move the cursor or turn words round', () => {
  const { body } = messageOf(notice({ message: 'a\u001b[2Jb\u202ec' }), english, { step: 'x\r\ny', lastLines: [] });
  assert.match(body, /^abc — Anna\nStep x y\n/);
});

test('what can happen to a push is told in both languages, each in its own words', () => {
  const kinds: Notice['kind'][] = ['waiting', 'passed', 'failed', 'recovered', 'deployed', 'rolled-back', 'release-failed', 'down', 'up', 'job-failed', 'job-missed', 'job-recovered', 'backup-failed', 'crash-loop', 'crash-loop-over', 'alert', 'alert-over'];
  for (const words of [english, russian]) {
    const titles = kinds.map((kind) => messageOf(notice({ kind, environments: kind === 'passed' ? [] : ['production'] }), words).title);
    assert.equal(new Set(titles).size, kinds.length, titles.join('\n'));
  }
  assert.equal(noticeOf({ ...failed, kind: 'run.waiting' }, 'main')?.kind, 'waiting');
});

test('a step on the way is no notice', () => {
  assert.equal(noticeOf({ ...failed, kind: 'step.finished' }, 'main'), undefined);
});

test('many are summed up with the plural forms of both languages', () => {
  const notices = [...Array.from({ length: 21 }, () => notice({ kind: 'passed', environments: [] })), notice(), notice({ kind: 'deployed' }), notice({ kind: 'deployed' })];
  assert.equal(summaryOf(notices, english).title, 'Meanwhile: 24 events');
  assert.equal(summaryOf(notices, english).body, '21 passed, 1 failed, 2 releases went live\n• shop: main failed');
  assert.equal(summaryOf(notices, russian).title, 'Тем временем: 24 события');
  assert.equal(summaryOf(notices, russian).body, '21 успешный запуск, 1 неудачный запуск, 2 релиза\n• shop: main — ошибка');
  assert.equal(summaryOf(notices.slice(0, 11), russian).title, 'Тем временем: 11 событий');
});

test('filters keep what is mine, of my branches and environments', () => {
  const none = { mine: [], branches: [], environments: [] };
  assert.equal(passesFilters(notice(), none), true);
  assert.equal(passesFilters(notice(), { ...none, mine: ['ANNA@example.com'] }), true);
  assert.equal(passesFilters(notice(), { ...none, mine: ['ben@example.com'] }), false);
  assert.equal(passesFilters(notice({ ref: 'feature/a.b' }), { ...none, branches: ['main', 'feature/*'] }), true);
  assert.equal(passesFilters(notice({ ref: 'featureXa' }), { ...none, branches: ['feature.*'] }), false);
  assert.equal(passesFilters(notice(), { ...none, environments: ['staging'] }), false);
});

test('quiet hours go over midnight', () => {
  const at = (time: string) => isQuiet(new Date(`2026-01-05T${time}:00`), { from: '22:00', to: '08:00' });
  assert.deepEqual(['21:59', '22:00', '03:00', '07:59', '08:00'].map(at), [false, true, true, true, false]);
  assert.equal(isQuiet(new Date(), undefined), false);
});
