import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectConfig } from '@redcontrol/contract';
import type { StoredDatabase } from '../store/index.ts';
import { assertBase, assertDomainsFree, planApply } from './plan-apply.ts';

test('a new project creates its environments and databases', () => {
  const operations = planApply({ current: undefined, wanted: config({ database: { engine: 'postgres', version: 17 } }), databases: [] });
  assert.deepEqual(operations.map((operation) => operation.id), ['create shop', 'create production', 'create production/database']);
});

test('the same configuration again changes nothing', () => {
  const wanted = config({ database: { engine: 'postgres', version: 17 } });
  assert.deepEqual(planApply({ current: wanted, wanted, databases: [stored('17')] }), []);
});

test('another major version of a database is refused with the way to do it', () => {
  const wanted = config({ database: { engine: 'postgres', version: 18 } });
  assert.throws(() => planApply({ current: config({}), wanted, databases: [stored('17')] }), { code: 'DATABASE_UPGRADE_REFUSED', hint: /Dump/ });
});

test('data that the configuration no longer names is kept, and said', () => {
  const operations = planApply({ current: config({ database: { engine: 'postgres', version: 17 } }), wanted: config({}), databases: [stored('17')] });
  assert.deepEqual(operations.map((operation) => operation.kind), ['change', 'keep']);
});

test('an environment that goes is warned of', () => {
  const before = projectConfig.parse({ ...base, environments: { production: { deploy: { branch: 'main' } }, test: { deploy: { branch: 'develop' } } } });
  const [removal] = planApply({ current: before, wanted: config({}), databases: [] });
  assert.equal(removal?.kind, 'remove');
  assert.match(removal?.warning ?? '', /no longer served/);
});

test('an apply on top of an older revision is a conflict', () => {
  assert.doesNotThrow(() => assertBase(3, 3));
  assert.throws(() => assertBase(2, 3), { code: 'CONFLICT' });
});

test('a domain and path that another project has is refused', () => {
  const other = projectConfig.parse({ ...base, project: 'blog', environments: { live: { deploy: { branch: 'main' }, domain: 'example.com' } } });
  assert.throws(() => assertDomainsFree(config({ domain: 'example.com' }), [other]), { code: 'CONFLICT', message: /blog\/live/ });
  assert.doesNotThrow(() => assertDomainsFree(config({ domain: 'example.com', traffic: { path: '/shop' } }), [other]));
  assert.doesNotThrow(() => assertDomainsFree(config({ domain: 'example.com' }), [config({ domain: 'example.com' })]));
});

const base = { project: 'shop', repository: 'file:///srv/shop.git', servers: { main: { host: '127.0.0.1' } } };

function config(environment: object) {
  return projectConfig.parse({ ...base, environments: { production: { deploy: { branch: 'main' }, ...environment } } });
}

function stored(version: string): StoredDatabase {
  return { project: 'shop', environment: 'production', role: 'database', engine: 'postgres', version, volume: 'v', password: new Uint8Array() };
}
