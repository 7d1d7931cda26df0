import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectConfig, type ProjectConfig } from '@redcontrol/contract';
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
  assert.throws(() => planApply({ current: config({}), wanted, databases: [stored('17')] }), { code: 'DATABASE_UPGRADE_REFUSED', hint: /redcontrol database upgrade -e production --to 18/ });
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

test('virtual machines are planned with their size, and what speaks against them here is told with numbers', () => {
  const facts = { qemuVersion: null, acceleration: null, memoryTotalBytes: 2 * 1024 ** 3, memoryAvailableBytes: 1024 ** 3, cpus: 2 };
  const wanted: ProjectConfig = { ...config({}), isolation: 'vm' };
  const machines = planApply({ current: undefined, wanted, databases: [], machines: facts }).filter((operation) => operation.target.endsWith('/machine'));
  assert.deepEqual(machines.map((operation) => operation.id), ['create pipeline/machine', 'create production/machine']);
  for (const operation of machines) assert.match(operation.warning ?? '', /QEMU is not installed.*needs .* of memory, the server has 1.0 GB available of 2.0 GB/);
  const slow = planApply({ current: undefined, wanted, databases: [], machines: { ...facts, qemuVersion: '7.2', acceleration: 'tcg', memoryAvailableBytes: 64 * 1024 ** 3 } });
  assert.match(slow.find((operation) => operation.target === 'pipeline/machine')?.warning ?? '', /^the server has no usable KVM/);
  assert.deepEqual(planApply({ current: wanted, wanted, databases: [], machines: facts }), []);
});
