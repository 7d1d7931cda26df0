import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ImageKind } from '@redcontrol/presets';
import { findRecipe, recipeVersions } from './find-recipe.ts';

const found = (kind: ImageKind, version?: string) => {
  const recipe = findRecipe({ kind, ...(version === undefined ? {} : { version }) });
  return `${recipe.version} ${recipe.suite}`;
};

test('a need without a version takes the default or the newest', () => {
  assert.equal(found('node'), '22 bookworm');
  assert.equal(found('base'), 'bookworm bookworm');
  assert.equal(found('python'), '3.13 trixie');
  assert.equal(found('postgres'), '17 trixie');
});

test('a version is found as people write it', () => {
  assert.equal(found('python', '3.11'), '3.11 bookworm');
  assert.equal(found('python', '3.11.4'), '3.11 bookworm');
  assert.equal(found('python', '3'), '3.13 trixie');
  assert.equal(found('postgres', '15.3'), '15 bookworm');
  assert.equal(found('mariadb', '10'), '10.11 bookworm');
  assert.equal(found('java', '21'), '21 trixie');
});

test('any Node is taken from the registry, with an npm that fits it', () => {
  assert.deepEqual(findRecipe({ kind: 'node', version: 'v20.11.1' }).node, { version: '20.11.1', npm: '10' });
  assert.deepEqual(findRecipe({ kind: 'node', version: '26' }).node, { version: '26', npm: '11' });
});

test('Go and Rust take the nearest that is new enough; a newer Go comes as a toolchain', () => {
  assert.equal(found('rust', '1.60'), '1.63 bookworm');
  assert.equal(found('rust', '1.70'), '1.85 trixie');
  assert.equal(found('go', '1.21'), '1.24 trixie');
  assert.equal(findRecipe({ kind: 'go', version: '1.21' }).goToolchain, undefined);
  assert.equal(findRecipe({ kind: 'go', version: '1.25' }).goToolchain, '1.25');
});

test('what there is not names what there is', () => {
  const refused = (kind: ImageKind, version: string, hint: RegExp) =>
    assert.throws(() => findRecipe({ kind, version }), (error: { code: string; hint: string }) => error.code === 'IMAGE_UNAVAILABLE' && hint.test(error.hint));
  refused('postgres', '16', /postgres 17, 15, 13/);
  refused('python', '2.7', /python 3\.13, 3\.11, 3\.9/);
  refused('rust', '1.99', /rust 1\.85, 1\.63/);
  refused('mysql', '8.4', /mariadb \(11\.8, 10\.11, 10\.5\)/);
  refused('node', '$(id)', /node/);
  refused('base', 'jammy', /bookworm/);
});

test('versions come newest first', () => {
  assert.deepEqual(recipeVersions('mariadb'), ['11.8', '10.11', '10.5']);
});
