import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleApp } from './sample-app.ts';

const viteFixture = join(import.meta.dirname, '../../packages/presets/fixtures/vite');
const viteFiles = ['package.json', 'package-lock.json', 'index.html', 'src/main.js', 'src/greeting.js', 'src/greeting.test.js'];

/** A repository with a Vite front end, a Node back end that is asked under /api, and a worker without a web process. */
export async function monorepo(): Promise<Record<string, string>> {
  const site = await Promise.all(viteFiles.map(async (path) => [`frontend/${path}`, await readFile(join(viteFixture, path), 'utf8')] as const));
  return {
    ...Object.fromEntries(site), ...inFolder('backend', { ...sampleApp('v1'), ...backend }), ...inFolder('tasks', { ...sampleApp('t1'), 'worker.js': "setInterval(() => console.log('asked ' + process.env.API_V1_URL), 300);\n" }), 'README.md': 'A shop.\n',
  };
}

/** Says its version, its variables, and what the front end answers to it; `dead` as version ends it at its start. */
const backend = {
  'package.json': JSON.stringify({ name: 'backend', version: '1.0.0', private: true, type: 'module', scripts: { start: 'node server.js', test: 'node --test', build: 'node build.js' } }),
  'build.js': `import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
const { REGISTRY_TOKEN = '', PAINT = 'none' } = process.env;
console.log('the token is ' + REGISTRY_TOKEN + ' and ' + Buffer.from(REGISTRY_TOKEN).toString('base64'));
writeFileSync('proof.json', JSON.stringify({ token: createHash('sha256').update(REGISTRY_TOKEN).digest('hex'), paint: PAINT }));
`,
  'server.js': `import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { version } from './version.js';
if (version === 'dead') process.exit(3);
createServer(async (request, response) => {
  if (request.url === '/api/env') return response.end(JSON.stringify(process.env));
  if (request.url === '/api/proof') return response.end(readFileSync('proof.json'));
  if (request.url === '/api/site') return response.end(await (await fetch(process.env.SITE_URL)).text());
  response.end(version + ' ' + request.url);
}).listen(Number(process.env.PORT));
process.on('SIGTERM', () => process.exit(0));
`,
};

function inFolder(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}
