import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSchedule } from '@redcontrol/system';
import { maxCounted, planDue } from './plan-due.ts';

const at = (text: string) => Date.parse(`2027-05-01T${text}Z`);
const nightly = parseSchedule('0 3 * * *', 'UTC');
const everyMinute = parseSchedule('* * * * *', 'UTC');

test('a job is started for its time, and is due next at the one after', () => {
  assert.deepEqual(planDue(nightly, at('03:00:00'), at('03:00:02')), { dueAt: at('03:00:00'), missed: undefined, nextAt: at('03:00:00') + 86_400_000 });
});

test('what was due while nobody was there is missed, with how often', () => {
  assert.deepEqual(planDue(nightly, at('03:00:00'), at('09:00:00')), { dueAt: undefined, missed: { count: 1, firstAt: at('03:00:00'), lastAt: at('03:00:00') }, nextAt: at('03:00:00') + 86_400_000 });
  const plan = planDue(everyMinute, at('03:00:00'), at('03:10:30'));
  assert.deepEqual(plan, { dueAt: at('03:10:00'), missed: { count: 10, firstAt: at('03:00:00'), lastAt: at('03:09:00') }, nextAt: at('03:11:00') });
});

test('years of missed minutes are bounded, and the next time is in the future', () => {
  const now = at('03:00:30') + 3 * 365 * 86_400_000;
  const plan = planDue(everyMinute, at('03:00:00'), now);
  assert.equal(plan.missed?.count, maxCounted);
  assert.equal(plan.dueAt, undefined);
  assert.equal(plan.nextAt, now + 30_000);
});

test('a second look at the same moment finds nothing due', () => {
  const { nextAt } = planDue(everyMinute, at('03:00:00'), at('03:00:30'));
  assert.deepEqual(planDue(everyMinute, nextAt!, at('03:00:30')), { dueAt: undefined, missed: undefined, nextAt });
});

test('a line whose last time is over has no next one', () => {
  const once = { next: () => undefined };
  assert.deepEqual(planDue(once, at('03:00:00'), at('03:00:01')), { dueAt: at('03:00:00'), missed: undefined, nextAt: null });
});
