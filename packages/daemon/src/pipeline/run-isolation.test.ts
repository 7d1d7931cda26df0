import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedStep } from './plan-steps.ts';
import { neededPlaces, runIsolation, stepIsolation } from './run-isolation.ts';

const strangers = { branches: ['fork/**'], isolation: 'vm' as const };

test('strangers’ branches run where is said for them, also against what a step asks', () => {
  const stranger = runIsolation({ isolation: 'container', strangers }, { ref: 'fork/a/b', refKind: 'branch' });
  assert.deepEqual(stranger, { run: 'vm', forced: true });
  assert.equal(stepIsolation(stranger, { isolation: 'container' }), 'vm');
});

test('others run as the project says, a step as it says', () => {
  for (const run of [{ ref: 'main', refKind: 'branch' }, { ref: 'fork/a', refKind: 'tag' }]) {
    const isolation = runIsolation({ isolation: 'container', strangers }, run);
    assert.deepEqual(isolation, { run: 'container', forced: false });
    assert.equal(stepIsolation(isolation, { isolation: 'vm' }), 'vm');
    assert.equal(stepIsolation(isolation, { isolation: undefined }), 'container');
  }
});

test('a place of each kind that is needed is made, the run’s own first', () => {
  const isolation = { run: 'container' as const, forced: false };
  assert.deepEqual(neededPlaces(isolation, [step('shell', 'vm'), step('shell')]), ['container', 'vm']);
  assert.deepEqual(neededPlaces(isolation, [step('shell', 'vm')]), ['vm']);
  assert.deepEqual(neededPlaces(isolation, [step('image'), step('release')]), [], 'images of trusted code are built on the server');
  assert.deepEqual(neededPlaces({ run: 'vm', forced: false }, [step('image')]), ['vm'], 'an image is built in the run’s machine');
  assert.deepEqual(neededPlaces({ run: 'vm', forced: false }, [step('dependencies')]), ['vm']);
});

function step(kind: PlannedStep['kind'], isolation?: 'container' | 'vm'): PlannedStep {
  return { index: 0, name: kind, kind, command: 'true', image: undefined, variables: {}, secrets: [], timeoutMs: 1000, needs: [], allowFailure: false, environment: undefined, isolation };
}
