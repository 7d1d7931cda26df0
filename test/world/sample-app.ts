/** A web app of nothing but Node's own modules: quick to install, with a real test and a version to change. */
export function sampleApp(version: string, extra: Record<string, string> = {}): Record<string, string> {
  return {
    'package.json': JSON.stringify({ name: 'sample', version: '1.0.0', private: true, type: 'module', scripts: { start: 'node server.js', test: 'node --test' } }, null, 2),
    'package-lock.json': JSON.stringify({ name: 'sample', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': { name: 'sample', version: '1.0.0' } } }, null, 2),
    'version.js': `export const version = ${JSON.stringify(version)};\n`,
    'server.js': `import { createServer } from 'node:http';
import { version } from './version.js';
const server = createServer((request, response) => {
  if (request.url === '/env') return response.end(JSON.stringify(process.env));
  setTimeout(() => response.end(version), request.url === '/slow' ? 500 : 0);
});
server.listen(Number(process.env.PORT ?? 3000));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`,
    'version.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { version } from './version.js';
test('there is a version', () => assert.notEqual(version, 'broken'));
`,
    ...extra,
  };
}

export function setVersion(version: string): Record<string, string> {
  return { 'version.js': `export const version = ${JSON.stringify(version)};\n` };
}
