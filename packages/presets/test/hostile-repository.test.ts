import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RepositoryView } from '../src/recipe.ts';
import { describeApp, detectFramework, presets } from '../src/index.ts';
import { memoryView } from './memory-view.ts';

const manifests = ['package.json', 'package-lock.json', 'pyproject.toml', 'requirements.txt', 'manage.py', 'go.mod', 'Cargo.toml', 'pom.xml', 'composer.json', 'Gemfile', 'Dockerfile', '.nvmrc', '.python-version', 'rust-toolchain.toml', 'main.go', 'app.py', 'pnpm-workspace.yaml', 'pnpm-lock.yaml'];

const texts: [name: string, text: string][] = [
  ['nothing', ''],
  ['noise', '\0\x01\x02\ufffd'.repeat(1000)],
  ['an open brace', '{'],
  ['an array', '[1,2,3]'],
  ['a null', 'null'],
  ['braces in braces', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
  ['brackets in brackets', `a = ${'['.repeat(50_000)}`],
  ['elements in elements', '<a>'.repeat(50_000)],
  ['an entity bomb', '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><project><artifactId>&b;</artifactId></project>'],
  ['one long line', 'a'.repeat(1_000_000)],
  ['a line of blanks', `${' '.repeat(999_000)}x`],
  ['many lines', '\n'.repeat(1_000_000)],
  ['more than is read', 'x'.repeat(3_000_000)],
  ['wrong types', '{"name":1,"scripts":[1],"dependencies":"x","engines":null,"workspaces":{"packages":3},"packageManager":{}}'],
  ['names of the prototype', '{"__proto__":{"scripts":{"start":"x"}},"scripts":{"constructor":"x"},"dependencies":{"__proto__":"1","toString":"1"}}'],
];

for (const [name, text] of texts) {
  test(`files of ${name} are no error`, { timeout: 60_000 }, async () => {
    const view = memoryView(Object.fromEntries(manifests.map((path) => [path, text])));
    const { chosen } = await detectFramework(view);
    assert.notEqual(chosen?.certainty, 'certain');
    for (const preset of presets) assertWhole((await describeApp(view, preset.framework)).dockerfile);
  });
}

const commands: [name: string, files: Record<string, string>, framework: (typeof presets)[number]['framework']][] = [
  ['a start script of several lines', { 'package.json': JSON.stringify({ scripts: { start: 'node a.js\nUSER root\nRUN id' }, dependencies: { express: '5' } }) }, 'node'],
  ['a main file with a line break', { 'package.json': JSON.stringify({ main: 'a.js\nRUN id', dependencies: { express: '5' } }), 'a.js\nRUN id': '' }, 'node'],
  ['an install script that names odd files', { 'package.json': JSON.stringify({ scripts: { postinstall: 'node ../../etc/passwd "$(id)" --x' } }), '../../etc/passwd': '', '$(id)': '' }, 'node'],
  ['workspaces that lead out', { 'package.json': JSON.stringify({ workspaces: ['../*', '/etc', 'a b', 'x"y'] }), '../a/package.json': '{}', 'x"y/package.json': '{}' }, 'node'],
  ['a package manager that is a command', { 'package.json': JSON.stringify({ packageManager: 'pnpm@9.0.0;id' }), 'pnpm-lock.yaml': '' }, 'node'],
  ['an output folder that leads out', { 'package.json': '{"devDependencies":{"vite":"7"}}', 'vite.config.js': 'export default { build: { outDir: "../../etc" } }' }, 'vite'],
  ['requirements with quotes', { 'pyproject.toml': `[project]\ndependencies = ["a'; id; '", "b\\nRUN id", "c$(id)", 'd\\e']\n` }, 'fastapi'],
  ['a settings module with a command', { 'manage.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.b;id")', 'requirements.txt': 'django' }, 'django'],
  ['settings that ask for odd variables', { 'manage.py': 'setdefault("DJANGO_SETTINGS_MODULE", "a.settings")', 'a/settings.py': 'STATIC_ROOT = 1\nX = os.environ["A;id"]\nY = os.environ["GOOD"]', 'requirements.txt': 'django' }, 'django'],
  ['a Rust program with a command for a name', { 'Cargo.toml': '[package]\nname = "a; id"\n[[bin]]\nname = "b\\nRUN id"\n', 'src/main.rs': '' }, 'rust'],
  ['a Go program with an odd folder', { 'go.mod': 'module a', 'cmd/$(id)/main.go': 'package main', 'cmd/-x/main.go': 'package main' }, 'go'],
  ['a Gemfile with an odd version', { Gemfile: 'gem "rails"\nruby "3; id"' }, 'rails'],
];

for (const [name, files, framework] of commands) {
  test(`${name} does not get into the Dockerfile`, async () => {
    const recipe = await describeApp(memoryView(files), framework);
    assertWhole(recipe.dockerfile);
    assert.doesNotMatch(recipe.dockerfile ?? '', /^(RUN id|USER root\nRUN id)$|etc\/passwd|\.\.\/|;id|; id(?!.*"'")|\$\(id\)(?!.*')/m);
  });
}

/** Every line begins with a word that a Dockerfile knows: nothing of the repository has opened a line of its own. */
function assertWhole(dockerfile: string | undefined): void {
  for (const line of dockerfile?.split('\n') ?? []) {
    assert.match(line, /^(ARG|FROM|USER|WORKDIR|RUN|ENV|COPY|EXPOSE|CMD|STOPSIGNAL) |^# redcontrol: |^$/);
  }
}

test('a view that fails is a repository without that file', async () => {
  const broken: RepositoryView = {
    readText: () => Promise.reject(new Error('link out of the tree')),
    exists: () => Promise.reject(new Error('name too long')),
    list: () => Promise.reject(new Error('no folder')),
  };
  assert.deepEqual(await detectFramework(broken), { detections: [] });
  for (const preset of presets) await describeApp(broken, preset.framework);
});

test('a folder of a million names and files that say they are there but cannot be read', async () => {
  const names = Array.from({ length: 1_000_000 }, (_, index) => `${'d'.repeat(200)}${index}/`);
  const view: RepositoryView = { readText: async () => undefined, exists: async () => true, list: async () => names };
  await detectFramework(view);
  for (const preset of presets) assertWhole((await describeApp(view, preset.framework)).dockerfile);
});
