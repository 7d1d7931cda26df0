import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectConfig } from '@redcontrol/contract';
import { concernedApps, type Changes } from './concerned-apps.ts';

const base = 'a'.repeat(40);

function judge(paths: string[] | Changes[], apps: Record<string, unknown> = { site: { root: 'frontend' }, api: { root: 'backend' } }) {
  const config = projectConfig.parse({ project: 'shop', repository: 'file:///srv/shop.git', servers: { main: { host: '127.0.0.1' } }, environments: { production: { deploy: { branch: 'main' } } }, apps });
  const changes = paths.map((one) => (typeof one === 'string' ? one : undefined)).every((one) => one !== undefined) ? [{ kind: 'known' as const, base, paths: paths as string[] }] : (paths as Changes[]);
  return Object.fromEntries(concernedApps(config.apps!, () => changes).map(({ name, concerned, reason, detail }) => [name, `${concerned} ${reason} ${detail}`.trim()]));
}

test('a push concerns the apps whose files it changes, and no other', () => {
  assert.deepEqual(judge(['backend/server.js']), { site: 'false unchanged aaaaaaaa', api: 'true changed backend/server.js' });
  assert.deepEqual(judge(['README.md', 'backend-old/x', 'frontends/y']), { site: 'false unchanged aaaaaaaa', api: 'false unchanged aaaaaaaa' });
  assert.deepEqual(judge(['frontend/a', 'backend/b']), { site: 'true changed frontend/a', api: 'true changed backend/b' });
});

test('watch names other files, by folder and by pattern, or every push', () => {
  const apps = { site: { root: 'frontend', watch: ['frontend', 'shared/**/*.css'] }, api: { root: './backend/', watch: 'always' }, whole: { root: '.' } };
  assert.deepEqual(judge(['shared/a/b/c.css'], apps), { site: 'true changed shared/a/b/c.css', api: 'true always', whole: 'true changed shared/a/b/c.css' });
  assert.deepEqual(judge(['shared/a.js'], apps), { site: 'false unchanged aaaaaaaa', api: 'true always', whole: 'true changed shared/a.js' });
});

test('what is installed or configured for the whole repository concerns every app', () => {
  for (const file of ['redcontrol.yml', 'package-lock.json', 'uv.lock', '.gitmodules']) assert.deepEqual(judge([file]), { site: `true root-file ${file}`, api: `true root-file ${file}` });
  assert.deepEqual(judge(['docs/package-lock.json']), { site: 'false unchanged aaaaaaaa', api: 'false unchanged aaaaaaaa' });
});

test('what is not known concerns, and one environment that needs it is enough', () => {
  assert.deepEqual(judge([]), { site: 'false unchanged aaaaaaaa', api: 'false unchanged aaaaaaaa' }, 'the same commit again');
  assert.deepEqual(judge([{ kind: 'known', base, paths: [] }, { kind: 'unknown', reason: 'history', detail: 'bbbbbbbb' }]), { site: 'true history bbbbbbbb', api: 'true history bbbbbbbb' });
});

test('a run that deploys nowhere has nothing to compare with', () => {
  const config = projectConfig.parse({ project: 'shop', repository: 'file:///srv/shop.git', servers: { main: { host: '127.0.0.1' } }, environments: { production: { deploy: { branch: 'main' } } }, apps: { api: { root: 'backend' } } });
  assert.deepEqual(concernedApps(config.apps!, () => []).map(({ concerned, reason }) => [concerned, reason]), [[true, 'deploys-nowhere']]);
});
