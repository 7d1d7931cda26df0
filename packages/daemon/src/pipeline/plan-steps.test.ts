import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectConfig, type ProjectConfig } from '@redcontrol/contract';
import type { AppRecipe } from '@redcontrol/presets';
import { planSteps } from './plan-steps.ts';

const recipe: AppRecipe = {
  framework: 'node', toolchain: { kind: 'node' }, runtime: { kind: 'node', slim: true }, dockerfile: 'FROM x', ignore: [],
  dependencies: { keyFiles: ['package-lock.json'], run: 'npm ci' }, caches: {}, stages: { build: 'npm run build', migrate: 'npm run migrate', test: 'npm test' },
  variables: {}, release: { migrate: undefined, web: 'node .', port: 3000, healthPath: '/', variables: {} }, notes: [],
};

test('a deploying run: dependencies, stages in order, the image beside them, the release behind all', () => {
  const steps = plan({}, ['production']);
  assert.deepEqual(steps.map((step) => [step.name, step.needs]), [
    ['dependencies', []], ['build', [0]], ['migrate', [0, 1]], ['test', [0, 1, 2]], ['image', []], ['deploy production', [0, 1, 2, 3, 4]],
  ]);
});

test('a run that deploys nowhere builds no image', () => {
  assert.deepEqual(plan({}, []).map((step) => step.name), ['dependencies', 'build', 'migrate', 'test']);
});

test('migrate falls out where there is no database', () => {
  assert.deepEqual(plan({}, [], { hasDatabase: false }).map((step) => step.name), ['dependencies', 'build', 'test']);
});

test('own steps: when, needs and secrets; what an unmet condition leaves out is not there', () => {
  const steps = plan({
    pipeline: [
      { name: 'lint', run: 'npm run lint', needs: [], secrets: ['TOKEN'] },
      { name: 'only tags', run: 'true', when: { event: ['tag'] } },
      { name: 'audit', run: 'npm audit', needs: ['lint'], allowFailure: true, timeout: '90s' },
    ],
  }, []);
  assert.deepEqual(steps.map((step) => [step.name, step.needs]), [['dependencies', []], ['lint', [0]], ['audit', [0, 1]]]);
  assert.deepEqual(steps[1]?.secrets, ['TOKEN']);
  assert.equal(steps[2]?.timeoutMs, 90_000);
});

test('a need of an unknown step and a step without a command are refused', () => {
  assert.throws(() => plan({ pipeline: [{ name: 'a', run: 'true', needs: ['nope'] }] }, []), { code: 'CONFIG_INVALID', message: /nope/ });
  assert.throws(() => plan({ pipeline: [{ name: 'lint' }] }, []), { code: 'CONFIG_INVALID', message: /lint/ });
});

function plan(extra: Partial<Record<keyof ProjectConfig, unknown>>, environments: string[], options = { hasDatabase: true }) {
  const config = projectConfig.parse({
    project: 'shop', repository: 'file:///srv/shop.git', servers: { main: { host: '127.0.0.1' } }, environments: { production: { deploy: { branch: 'main' } } }, ...extra,
  });
  return planSteps({ config, recipe, run: { ref: 'main', refKind: 'branch', trigger: 'push', environments }, ...options });
}
