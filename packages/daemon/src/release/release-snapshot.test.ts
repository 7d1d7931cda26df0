import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectConfig } from '@redcontrol/contract';
import type { AppRecipe } from '@redcontrol/presets';
import { planSnapshot } from './release-snapshot.ts';

const recipe = { framework: 'django', release: { migrate: 'python manage.py migrate', web: undefined, port: 8000, healthPath: '/', variables: {} } } as unknown as AppRecipe;

function migrationOf(pipeline: unknown) {
  const config = projectConfig.parse({
    project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers: { main: { host: '203.0.113.10' } },
    environments: { production: { deploy: { branch: 'main' } } }, ...(pipeline ? { pipeline } : {}),
  });
  const { migrate, migrateVariables } = planSnapshot({ config, environment: 'production', recipe, variables: {} });
  return [migrate, migrateVariables];
}

test('a release migrates by the command of the step, else by the framework\'s, and without such a step not at all', () => {
  assert.deepEqual(migrationOf(undefined), ['python manage.py migrate', undefined]);
  assert.deepEqual(migrationOf([{ name: 'migrate', run: 'make migrate', variables: { DEPTH: '1' } }]), ['make migrate', { DEPTH: '1' }]);
  assert.deepEqual(migrationOf([{ name: 'migrate', timeout: '5m' }]), ['python manage.py migrate', {}]);
  assert.deepEqual(migrationOf(['test']), [undefined, undefined]);
});
