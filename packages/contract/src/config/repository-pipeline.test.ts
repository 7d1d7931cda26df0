import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemMessage } from './problem.ts';
import { projectConfig } from './project.ts';
import { withRepositoryPipeline } from './repository-pipeline.ts';

const config = projectConfig.parse({
  project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers: { main: { host: '203.0.113.10' } }, repositoryPipeline: true, isolation: 'vm',
  environments: { test: { deploy: { branch: 'main' }, secrets: ['NPM_TOKEN', 'SECRET_KEY'] } },
  pipeline: ['test', { name: 'install', run: 'npm ci', secrets: ['NPM_TOKEN'] }],
});
const messages = (data: unknown) => withRepositoryPipeline(config, data).problems.map(problemMessage);

test('the pipeline is taken, and nothing else of the file', () => {
  const verdict = withRepositoryPipeline(config, { project: 'other', isolation: 'container', environments: {}, people: [], pipeline: ['build', { name: 'lint', run: 'npm run lint', secrets: ['NPM_TOKEN'] }] });
  assert.deepEqual(verdict.config?.pipeline.map((entry) => (typeof entry === 'string' ? entry : entry.name)), ['build', 'lint']);
  assert.deepEqual({ ...verdict.config, pipeline: [] }, { ...config, pipeline: [] });
});

test('a file without a pipeline leaves the admin\'s', () => {
  for (const data of [null, 'text', [], {}, { pipeline: null }]) assert.equal(withRepositoryPipeline(config, data).config, config);
});

test('what is wrong is told by its place', () => {
  assert.deepEqual(messages({ pipeline: ['tset'] }).length, 1);
  assert.match(messages({ pipeline: [{ name: 'lint', rnu: 'x' }] })[0] ?? '', /at pipeline\[0\]\.rnu, got "rnu"/);
  assert.match(messages({ pipeline: [{ name: 'lint', run: 'x', needs: ['none'] }] })[0] ?? '', /at pipeline\[0\]\.needs\[0\]/);
});

test('a repository gives itself no secret and no weaker isolation', () => {
  assert.deepEqual(messages({ pipeline: [{ name: 'steal', run: 'env', secrets: ['SECRET_KEY'] }, { name: 'out', run: 'id', isolation: 'container' }] }), [
    'Expected one of NPM_TOKEN at pipeline[0].secrets[0], got "SECRET_KEY"',
    'Expected vm at pipeline[1].isolation, got "container"',
  ]);
});
