import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectConfig } from '@redcontrol/contract';
import { addPause, addRevision, beginPreviewEnd, ensureEnvironment, getPreview, getProject, listPreviews, openStore, removePreview, setPreviewFilled, setSecret, touchPreview } from './index.ts';

const config = projectConfig.parse({
  project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers: { main: { host: '203.0.113.10' } },
  environments: { test: { deploy: { branch: 'develop' }, preview: 'feature/*' } },
});
const place = { project: 'shop', name: 'preview-a-12345678', base: 'test', branch: 'feature/a' };

test('an open preview is an environment of its project until it begins to end; then every row with its name goes', () => {
  const store = openStore(':memory:');
  const environments = () => Object.keys(getProject(store, 'shop')!.config.environments);
  store.transaction(() => {
    addRevision(store, 'shop', { text: '', config, summary: '', appliedBy: '', appliedAt: 1, webhookSecret: new Uint8Array() });
    touchPreview(store, { ...place, at: 5 });
    ensureEnvironment(store, { project: 'shop', name: place.name, needsPort: true });
    setSecret(store, { project: 'shop', environment: place.name, name: 'OWN', value: new Uint8Array(), at: 1 });
    addPause(store, { project: 'shop', environment: place.name }, { at: 1, by: 'Anna' });
  });
  assert.deepEqual(environments(), ['test', place.name]);
  assert.deepEqual(Object.keys(getProject(store, 'shop')!.applied.environments), ['test']);
  store.transaction(() => {
    setPreviewFilled(store, place);
    touchPreview(store, { ...place, at: 9 });
  });
  assert.deepEqual({ ...getPreview(store, 'shop', place.name) }, { ...place, state: 'open', data: 'ready', keptBy: null, createdAt: 5, pushedAt: 9, reason: null });

  assert.equal(store.transaction(() => beginPreviewEnd(store, place, 'Its branch is gone.')), true);
  assert.equal(store.transaction(() => beginPreviewEnd(store, place, 'Again.')), false);
  assert.deepEqual(environments(), ['test']);
  assert.equal(listPreviews(store)[0]?.reason, 'Its branch is gone.');
  store.transaction(() => removePreview(store, place));
  const named = (store.sql(`SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%environment TEXT%'`).all() as { name: string }[]).map(({ name }) => name);
  assert.ok(named.includes('secrets') && named.includes('pauses'));
  for (const table of named) assert.deepEqual(store.sql(`SELECT * FROM ${table} WHERE environment = ?`).all(place.name), [], table);
  for (const table of ['previews', 'environments']) assert.deepEqual(store.sql(`SELECT * FROM ${table} WHERE name = ?`).all(place.name), [], table);
  store.close();
});
