import assert from 'node:assert/strict';
import { test } from 'node:test';
import { composeConfig, describeConfig } from './describe-config.ts';

const text = `# the shop
project: shop
repository: https://git.example.com/shop.git
servers:
  main: { host: 203.0.113.7 } # rented
environments:
  production:
    deploy: { branch: main }
`;

test('a valid text has data and no problems', () => {
  const described = describeConfig(text);
  assert.deepEqual(described.problems, []);
  assert.equal((described.data as { project: string }).project, 'shop');
});

test('each problem is tied to its field and its line', () => {
  const { problems } = describeConfig(text.replace('203.0.113.7', '"-oProxyCommand"').replace('branch: main', 'branch: "bad name"'));
  assert.deepEqual(problems.map(({ path, line }) => [path.join('.'), line]), [['servers.main.host', 5], ['environments.production.deploy.branch', 8]]);
  assert.match(problems[0]?.message ?? '', /^Expected a host name/);
});

test('what is no YAML is one problem without a field', () => {
  const { problems, data } = describeConfig('project: [');
  assert.equal(data, null);
  assert.deepEqual(problems[0]?.path, []);
});

test('edits keep comments, can add what was not there, and remove', () => {
  const composed = composeConfig(text, [
    { path: ['servers', 'main', 'host'], value: '203.0.113.9' },
    { path: ['environments', 'test'], value: { deploy: { branch: 'develop' } } },
    { path: ['environments', 'production', 'domain'], value: 'shop.example.com' },
    { path: ['environments', 'production', 'domain'], remove: true },
  ]);
  assert.match(composed, /# the shop/);
  assert.match(composed, /host: 203\.0\.113\.9 } # rented/);
  assert.match(composed, /branch: develop/);
  assert.doesNotMatch(composed, /domain/);
  assert.equal(composeConfig(text, []), text);
});

test('a text that anchors make endless or huge does not stop it', () => {
  assert.ok(describeConfig('a: &a [*a]').problems.length > 0);
  assert.ok(describeConfig(`x: &x [1]\n${Array.from({ length: 200 }, (_, index) => `k${index}: *x`).join('\n')}`).problems.length > 0);
});
