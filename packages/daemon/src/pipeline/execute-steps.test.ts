import assert from 'node:assert/strict';
import { test } from 'node:test';
import { executeSteps, type StepOutcome } from './execute-steps.ts';
import type { PlannedStep } from './plan-steps.ts';

test('a step waits for those it needs, others run side by side', async () => {
  const order: string[] = [];
  const gate = Promise.withResolvers<void>();
  const outcomes = await executeSteps([step(0, []), step(1, []), step(2, [0, 1])], async ({ index }) => {
    order.push(`start ${index}`);
    if (index === 0) await gate.promise;
    else gate.resolve();
    order.push(`end ${index}`);
    return 'passed';
  }, new AbortController().signal);
  assert.deepEqual(outcomes, ['passed', 'passed', 'passed']);
  assert.deepEqual(order, ['start 0', 'start 1', 'end 1', 'end 0', 'start 2', 'end 2']);
});

test('the first failure stops what runs beside it and skips the rest', async () => {
  const outcomes = await executeSteps([step(0, []), step(1, []), step(2, [0])], (one, signal) => {
    if (one.index === 0) return Promise.resolve<StepOutcome>('failed');
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve('cancelled')));
  }, new AbortController().signal);
  assert.deepEqual(outcomes, ['failed', 'cancelled', 'skipped']);
});

test('an allowed failure does not stop what needs it', async () => {
  const outcomes = await executeSteps([step(0, []), step(1, [0])], async ({ index }) => (index === 0 ? 'allowed-failure' : 'passed'), new AbortController().signal);
  assert.deepEqual(outcomes, ['allowed-failure', 'passed']);
});

test('an abort from outside leaves later steps unstarted', async () => {
  const controller = new AbortController();
  const outcomes = await executeSteps([step(0, []), step(1, [0])], async () => {
    controller.abort();
    return 'cancelled';
  }, controller.signal);
  assert.deepEqual(outcomes, ['cancelled', 'skipped']);
});

function step(index: number, needs: number[]): PlannedStep {
  return { index, name: `s${index}`, kind: 'shell', command: 'true', image: undefined, variables: {}, secrets: [], timeoutMs: 1000, needs, allowFailure: false, environment: undefined, isolation: undefined };
}
