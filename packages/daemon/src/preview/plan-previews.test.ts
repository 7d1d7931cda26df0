import assert from 'node:assert/strict';
import { test } from 'node:test';
import { domain, name, projectConfig, withPreviews } from '@redcontrol/contract';
import type { StoredPreview } from '../store/index.ts';
import { planEnds, planPushed } from './plan-previews.ts';
import { previewName } from './preview-name.ts';

const config = projectConfig.parse({
  project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers: { main: { host: '203.0.113.10' } },
  environments: {
    production: { deploy: { branch: 'main', tag: 'v*' }, database: { engine: 'postgres' } },
    test: { deploy: { branch: 'develop' }, port: 8080, instances: { web: 3 }, database: { engine: 'postgres' }, preview: { pattern: '**', max: 2, age: '3d', memory: '256M', domain: '*.preview.example.com' } },
  },
});
const day = 86_400_000;
const preview = (branch: string, change: Partial<StoredPreview> = {}): StoredPreview => ({
  project: 'shop', name: previewName({ base: 'test', branch }), base: 'test', branch, state: 'open', data: 'none', keptBy: null, createdAt: 0, pushedAt: 0, reason: null, ...change,
});

test('hostile branch names give names that fit everywhere, and no two the same', () => {
  const branches = ['feature/a-b', 'feature/a/b', 'Feature/A-B', 'feature_a_b', 'x'.repeat(200), `${'x'.repeat(199)}y`, '../../etc', '--rm', '$(reboot)', "';drop table", 'ветка/ё', '💥', '...', 'production', 'test', '-'];
  const names = branches.map((branch) => previewName({ base: 'test', branch }));
  for (const one of names) {
    assert.equal(name.parse(one), one);
    assert.equal(domain.parse(`${one.replace('preview-', '')}.preview.example.com`).split('.')[0]!.length <= 63, true);
    assert.doesNotMatch(one, /--/);
  }
  assert.equal(new Set(names).size, branches.length);
  assert.match(names[0]!, /^preview-feature-a-b-[0-9a-f]{8}$/);
});

test('a pushed branch has one preview for each base that wants it, the same at the next push, and none where it deploys by rule', () => {
  const [made, ...others] = planPushed(config, ['feature/a', 'develop'], []);
  assert.deepEqual(others, []);
  assert.deepEqual(planPushed(config, ['feature/a'], [preview('feature/a')]), [made]);
  // main deploys to production only by tags: its pushes have a preview.
  assert.deepEqual(planPushed(config, ['main'], []).map(({ branch }) => branch), ['main']);
});

test('a name that another branch has, or that is still being removed, is not given again', () => {
  const [made] = planPushed(config, ['feature/a'], [preview('feature/a', { state: 'ending' })]);
  assert.notEqual(made?.name, previewName({ base: 'test', branch: 'feature/a' }));
  const [other] = planPushed(config, ['feature/a'], [preview('another', { name: previewName({ base: 'test', branch: 'feature/a' }) })]);
  assert.notEqual(other?.name, previewName({ base: 'test', branch: 'feature/a' }));
});

test('a preview ends with its branch, its age, its number and its base', () => {
  const ends = (previews: StoredPreview[], change: Partial<Parameters<typeof planEnds>[0]> = {}) => planEnds({ config, previews, branches: ['a', 'b', 'c'], now: day, ...change }).map(({ name: one }) => previews.find((two) => two.name === one)?.branch);
  assert.deepEqual(ends([preview('a'), preview('gone')]), ['gone']);
  assert.deepEqual(ends([preview('gone')], { branches: undefined }), []);
  assert.deepEqual(ends([preview('a', { keptBy: 'Anna' }), preview('gone', { keptBy: 'Anna' })]), ['gone']);
  assert.deepEqual(ends([preview('a'), preview('b', { keptBy: 'Anna' }), preview('c', { pushedAt: 2 * day })], { now: 3 * day }), ['a']);
  assert.deepEqual(ends([preview('a', { pushedAt: 1 }), preview('b', { pushedAt: 3 }), preview('c', { pushedAt: 2 })]), ['a']);
  assert.deepEqual(ends([preview('a', { pushedAt: 1, keptBy: 'Anna' }), preview('b', { pushedAt: 3 }), preview('c', { pushedAt: 2 })]), []);
  assert.deepEqual(ends([preview('a'), preview('b', { state: 'ending' })], { config: { ...config, environments: { test: { ...config.environments.test!, preview: undefined } } } }), ['a']);
});

test('a preview is its base with addresses, data and limits of its own', () => {
  const { name: made } = preview('feature/a');
  const settings = withPreviews(config, [preview('feature/a')]).environments[made]!;
  assert.equal(settings.domain, `${made.replace('preview-', '')}.preview.example.com`);
  assert.deepEqual([settings.port, settings.preview, settings.memory, settings.instances, settings.deploy], [undefined, undefined, '256M', { web: 1 }, { branch: 'feature/a' }]);
  assert.deepEqual(settings.database, { engine: 'postgres', backup: false, rehearsal: false });
  assert.equal(withPreviews(config, [preview('feature/a', { base: 'production' })]), config);
});
