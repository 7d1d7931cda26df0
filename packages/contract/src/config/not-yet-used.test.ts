import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathText } from './problem.ts';
import { notYetUsed } from './not-yet-used.ts';
import { projectConfig } from './project.ts';

type Input = Record<string, unknown>;

const servers = { main: { host: '203.0.113.10' } };
const postgres = { engine: 'postgres', version: 17 };

function paths({ environment = {}, ...project }: Input & { environment?: Input } = {}): string[] {
  const config = projectConfig.parse({
    project: 'shop', repository: 'https://git.example.com/acme/shop.git', servers,
    environments: { test: { deploy: { branch: 'main' }, ...environment } }, ...project,
  });
  return notYetUsed(config).map(({ path, text }) => {
    assert.match(text, /^[`A-Z].{20,}\.$/);
    return pathText(path);
  });
}

test('a configuration of what is carried out has no warning', () => {
  assert.deepEqual(paths(), []);
  assert.deepEqual(paths({
    isolation: 'container', framework: 'dockerfile', build: { dockerfile: 'Containerfile' },
    pipeline: ['build', 'migrate', { name: 'lint', run: 'npm run lint', services: [{ engine: 'redis' }] }],
    processes: { web: { port: 3000, health: { path: '/up' } }, worker: { run: 'node worker.js' } },
    jobs: { report: { cron: '0 3 * * *', run: 'true' } },
    environment: { database: { ...postgres, rehearsal: false }, preview: 'feature/*', server: ['main'], traffic: { path: '/api', timeout: '10s', allow: ['203.0.113.0/24'] } },
  }), []);
});

test('keys of the project that nothing acts on are named', () => {
  assert.deepEqual(paths({
    strangers: { branches: ['fork/*'], isolation: 'vm' }, isolation: 'vm', framework: 'django', build: { dockerfile: 'Dockerfile' },
  }), ['build.dockerfile']);
});

test('keys of steps, environments and processes that nothing acts on are named', () => {
  assert.deepEqual(paths({
    pipeline: [{ name: 'migrate', run: 'make migrate', isolation: 'vm' }, { name: 'e2e', run: 'make e2e', services: [{ ...postgres, backup: {} }] }],
    processes: { web: { handover: 'stop-first' }, worker: { run: 'node worker.js', port: 9000, health: { path: '/' } } },
    environment: {
      isolation: 'vm', traffic: { basicAuth: { anna: 'GATE' }, bodySize: '10M' }, secrets: ['GATE'],
      database: { ...postgres, backup: { keep: 3 }, rehearsal: true, connections: 50 },
    },
  }), [
    'pipeline[1].services[0].backup',
    'processes.web.handover',
  ]);
  assert.deepEqual(paths({ environment: { database: { engine: 'sqlite' } } }), ['environments.test.database.engine']);
});

test('an environment on more than one server is named, several servers are not', () => {
  const two = { ...servers, other: { host: '203.0.113.11' } };
  assert.deepEqual(paths({ servers: two, environment: { server: 'main' } }), []);
  assert.deepEqual(paths({ servers: two, environment: { server: ['main', 'other'] } }), ['environments.test.server']);
});
