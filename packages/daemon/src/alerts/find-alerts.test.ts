import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectConfig } from '@redcontrol/contract';
import { watchedThings } from './find-alerts.ts';

test('the certificates of apps are watched at the domains that they have in each environment, whole ones and words before its own', () => {
  const environment = (domain: string) => ({ deploy: { branch: 'main' }, domain });
  const watched = (environments: Record<string, unknown>, apps: Record<string, unknown>) => {
    const config = projectConfig.parse({ project: 'shop', repository: 'git@github.com:acme/shop.git', servers: { main: { host: '127.0.0.1' } }, environments, apps });
    const asked: string[] = [];
    const validUntil = (domain: string) => {
      asked.push(domain);
      return 1;
    };
    const found = watchedThings({ config, figures: { requests: new Map(), memory: new Map(), disks: new Map(), samples: 0 }, validUntil, now: 0 });
    const names = found.filter(({ kind }) => kind === 'certificate').map((thing) => `${thing.environment} ${thing.name}`);
    assert.equal(asked.length, names.length, 'each domain is asked for once');
    return names;
  };
  assert.deepEqual(watched({ production: environment('shop.example.com'), test: environment('test.example.com') }, { web: { root: 'web' }, api: { root: 'api', domain: 'api' }, again: { root: 'again', domain: 'api', path: '/again' } }), [
    'production shop.example.com', 'production api.shop.example.com', 'test test.example.com', 'test api.test.example.com',
  ]);
  assert.deepEqual(watched({ production: environment('shop.example.com') }, { web: { root: 'web' }, api: { root: 'api', domain: 'api.example.net' } }), ['production shop.example.com', 'production api.example.net']);
});
