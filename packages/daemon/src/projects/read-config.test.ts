import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedControlError } from '@redcontrol/contract';
import { readConfig, readServerConfig } from './read-config.ts';

const top = 'project: shop\nrepository: git@git.example.com:acme/shop.git\nservers: { main: { host: 203.0.113.10 } }\n';
const text = `${top}environments:\n  production: &base { deploy: { branch: main }, drain: 1m }\n  test: { <<: *base, deploy: { branch: develop } }\n`;

test('a configuration is read as the command line reads it, merged anchors too', () => {
  const { environments } = readConfig(text);
  assert.equal(environments.test?.drain, '1m');
  assert.equal(environments.test?.deploy.branch, 'develop');
});

test('what is wrong is told with all problems, of the schema and beyond it', () => {
  const problemsOf = (changed: string) => {
    try {
      readConfig(changed);
    } catch (error) {
      assert.ok(error instanceof RedControlError && error.code === 'CONFIG_INVALID', String(error));
      return error.problems.map(({ message }) => message);
    }
    return [];
  };
  assert.deepEqual(problemsOf(`${text}root: /abs\nvolumes: { A: /a }\n`).length, 2);
  assert.deepEqual(problemsOf(text.replace('drain: 1m', 'server: other')), [
    'Expected one of the servers main at environments.production.server, got "other"',
    'Expected one of the servers main at environments.test.server, got "other"',
  ]);
});

test('what is no YAML, and a bomb of anchors, are refused', () => {
  assert.throws(() => readConfig('a: ['), { code: 'CONFIG_INVALID' });
  let bomb = 'a0: &a0 [x, x, x, x, x, x, x, x, x]\n';
  for (let level = 1; level < 9; level += 1) bomb += `a${level}: &a${level} [${Array(9).fill(`*a${level - 1}`).join(', ')}]\n`;
  assert.throws(() => readConfig(bomb), { code: 'CONFIG_INVALID', message: /alias/ });
});

test('a server is told only of its own environments', () => {
  const two = `${top.replace('10 } }', '10 }, spare: { host: 203.0.113.11 } }')}environments:\n  production: { server: main, deploy: { branch: main } }\n  test: { server: [spare, main], deploy: { branch: develop } }\n  demo: { server: spare, deploy: { branch: demo } }\n`;
  assert.deepEqual(Object.keys(readServerConfig(two, 'main').environments), ['production', 'test']);
  assert.deepEqual(Object.keys(readServerConfig(two, 'spare').environments), ['test', 'demo']);
  assert.deepEqual(Object.keys(readServerConfig(two, undefined).environments), ['production', 'test', 'demo']);
  assert.throws(() => readServerConfig(two, 'other'), { code: 'CONFIG_INVALID' });
});
