import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeApp, dockerfileFor, presets, type AppRecipe } from '../src/index.ts';
import { memoryView } from './memory-view.ts';

type Framework = (typeof presets)[number]['framework'];
const describe = (framework: Framework, files: Record<string, string>): Promise<AppRecipe> => describeApp(memoryView(files), framework);
const packageJson = (value: object) => ({ 'package.json': JSON.stringify(value) });
const lastLine = (recipe: AppRecipe) => recipe.dockerfile!.trim().split('\n').at(-1);

test('an unknown framework is an error that names the known ones', async () => {
  await assert.rejects(describe('cobol' as Framework, {}), { code: 'FRAMEWORK_UNKNOWN', message: /django, fastapi/ });
});

test('an own Dockerfile beside a framework is told', async () => {
  const { notes } = await describe('node', { ...packageJson({}), Dockerfile: 'FROM a' });
  assert.match(notes.join('\n'), /framework: dockerfile/);
});

const nodeVersions: [files: Record<string, string>, version: string | undefined][] = [
  [{ '.nvmrc': 'v22.14.0\n' }, '22.14.0'],
  [{ '.nvmrc': 'lts/jod' }, '22'],
  [{ '.nvmrc': 'lts/*' }, undefined],
  [{ '.node-version': '20' }, '20'],
  [packageJson({ engines: { node: '>=18' } }), '24'],
  [packageJson({ engines: { node: '>=18 <21' } }), '20'],
  [packageJson({ engines: { node: '^20.9.0 || ^22' } }), '22'],
  [packageJson({ engines: { node: '20.x' } }), '20'],
  [packageJson({ volta: { node: '22.1.0' }, engines: { node: '>=18' } }), '22.1.0'],
  [packageJson({ engines: { node: 'the newest' } }), undefined],
  [packageJson({}), undefined],
];

test('Node\'s version is read where projects write it', async () => {
  for (const [files, version] of nodeVersions) {
    const { toolchain, runtime } = await describe('node', { ...packageJson({}), ...files });
    assert.deepEqual([toolchain.version, runtime.version], [version, version], JSON.stringify(files));
  }
});

const pythonVersions: [files: Record<string, string>, version: string | undefined][] = [
  [{ '.python-version': '3.12.4\n' }, '3.12'],
  [{ 'runtime.txt': 'python-3.11.9' }, '3.11'],
  [{ 'pyproject.toml': '[project]\nrequires-python = ">=3.10,<3.13"' }, '3.12'],
  [{ 'pyproject.toml': '[project]\nrequires-python = "~=3.11"' }, '3.13'],
  [{ 'pyproject.toml': '[project]\nrequires-python = "==3.11.*"' }, '3.11'],
  [{ 'pyproject.toml': '[tool.poetry.dependencies]\npython = "^3.12"' }, '3.13'],
  [{ '.python-version': 'pypy' }, undefined],
  [{}, undefined],
];

test('Python\'s version is read where projects write it', async () => {
  for (const [files, version] of pythonVersions) {
    assert.equal((await describe('flask', files)).toolchain.version, version, JSON.stringify(files));
  }
});

test('versions of Go, Rust, Java, PHP and Ruby', async () => {
  assert.equal((await describe('go', { 'go.mod': 'module a\n\ngo 1.23.1\n\ntoolchain go1.24.2\n' })).toolchain.version, '1.24');
  assert.equal((await describe('rust', { 'Cargo.toml': '[package]\nname="a"', 'rust-toolchain.toml': '[toolchain]\nchannel = "1.85.1"' })).toolchain.version, '1.85.1');
  assert.match((await describe('rust', { 'Cargo.toml': '', 'rust-toolchain': 'nightly' })).notes.join(), /nightly/);
  assert.equal((await describe('spring-boot', { 'pom.xml': '<project><properties><java.version>17</java.version></properties></project>' })).runtime.version, '17');
  assert.equal((await describe('laravel', { 'composer.json': '{"require":{"php":"^8.2|^8.3"}}' })).toolchain.version, '8.4');
  assert.equal((await describe('rails', { '.ruby-version': 'ruby-3.3.5' })).toolchain.version, '3.3');
});

test('the lockfile decides about the package manager', async () => {
  const install = async (files: Record<string, string>) => (await describe('node', { ...packageJson({}), ...files })).dependencies!;
  assert.match((await install({ 'package-lock.json': '{}' })).run, /^npm ci /);
  assert.deepEqual((await install({ 'package-lock.json': '{}' })).keyFiles, ['package-lock.json', 'package.json']);
  assert.match((await install({ 'pnpm-lock.yaml': "lockfileVersion: '6.0'" })).run, /^npx --yes pnpm@8 install --frozen-lockfile$/);
  assert.match((await install({ 'pnpm-lock.yaml': '', ...packageJson({ packageManager: 'pnpm@9.12.3+sha512.abc' }) })).run, /pnpm@9\.12\.3 install/);
  assert.match((await install({ 'yarn.lock': '# yarn lockfile v1' })).run, /yarn@1\.22\.22 install --frozen-lockfile/);
  assert.match((await install({ 'yarn.lock': '__metadata:\n  version: 8' })).run, /@yarnpkg\/cli-dist@4 install --immutable/);
  assert.match((await install({})).run, /^npm install /);
});

test('without a lockfile there is a note', async () => {
  assert.match((await describe('node', packageJson({}))).notes.join('\n'), /no lockfile/);
});

test('the start script becomes the container\'s own command', async () => {
  const start = async (scripts: Record<string, string>, more: object = {}) => lastLine(await describe('node', packageJson({ scripts, ...more })));
  assert.equal(await start({ start: 'node server.js' }), 'CMD ["node","server.js"]');
  assert.equal(await start({ start: 'nest start', 'start:prod': 'node dist/main' }), 'CMD ["node","dist/main"]');
  assert.equal(await start({ start: 'NODE_OPTIONS=--trace node a.js' }), 'CMD ["sh","-c","exec env NODE_OPTIONS=--trace node a.js"]');
  assert.equal(await start({ start: 'node "a b.js" && node b.js' }), 'CMD ["sh","-c","node \\"a b.js\\" && exec node b.js"]');
  assert.equal(await start({ start: 'node a.js | cat' }), 'CMD ["sh","-c","node a.js | cat"]');
  assert.equal(await start({ prestart: 'x', start: 'node a.js' }), 'CMD ["npm","run","start"]');
});

test('the default test script of npm is no test', async () => {
  const recipe = await describe('node', packageJson({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }));
  assert.equal(recipe.stages.test, undefined);
  assert.match(recipe.notes.join('\n'), /No tests/);
});

test('migrations of Node apps', async () => {
  const migrate = async (files: Record<string, string>) => (await describe('node', files)).release.migrate;
  assert.equal(await migrate({ ...packageJson({ dependencies: { prisma: '6' } }), 'prisma/migrations/1/migration.sql': '' }), 'prisma migrate deploy');
  assert.equal(await migrate({ ...packageJson({ scripts: { migrate: 'prisma migrate dev' }, dependencies: { prisma: '6' } }), 'prisma/migrations/1/m.sql': '' }), 'prisma migrate deploy');
  assert.equal(await migrate({ ...packageJson({ dependencies: { knex: '3' } }), 'knexfile.js': '' }), 'knex migrate:latest');
  assert.equal(await migrate({ ...packageJson({ devDependencies: { 'drizzle-kit': '1' } }), 'drizzle.config.ts': '' }), 'drizzle-kit migrate');
  assert.equal(await migrate(packageJson({ scripts: { 'db:migrate': 'node migrate.js' } })), 'node migrate.js');
  assert.equal(await migrate(packageJson({ dependencies: { knex: '3' } })), undefined);
});

test('a migration tool for development stays in the image, and that is told', async () => {
  const recipe = await describe('node', { ...packageJson({ devDependencies: { 'drizzle-kit': '1' } }), 'drizzle.config.ts': '' });
  assert.doesNotMatch(recipe.dockerfile!, /prune/);
  assert.match(recipe.notes.join('\n'), /drizzle-kit is a development package/);
});

test('files that an install script names are there before it and part of the key', async () => {
  const recipe = await describe('node', { ...packageJson({ scripts: { postinstall: 'node ./scripts/setup.js' } }), 'scripts/setup.js': '', 'patches/a.patch': '' });
  assert.deepEqual(recipe.dependencies!.keyFiles, ['package.json', 'patches/a.patch', 'scripts/setup.js']);
  assert.match(recipe.dockerfile!, /\["scripts\/","\.\/scripts\/"\]/);
});

test('a repository of several packages is installed from all of their manifests', async () => {
  const recipe = await describe('node', { ...packageJson({ workspaces: ['packages/*'] }), 'packages/a/package.json': '{}', 'packages/b/index.js': '' });
  assert.deepEqual(recipe.dependencies!.keyFiles, ['package.json', 'packages/a/package.json']);
});

test('port and health path are found in the sources', async () => {
  const recipe = await describe('node', {
    ...packageJson({ scripts: { start: 'node dist/main.js' } }), 'src/main.ts': "import { app } from './app.js';\napp.listen(4000);", 'src/app.ts': "app.get('/healthz', x);",
  });
  assert.deepEqual([recipe.release.port, recipe.release.healthPath], [4000, '/healthz']);
});

test('Next.js: standalone, exported, and as it is', async () => {
  const recipe = (config: string) => describe('nextjs', { ...packageJson({ dependencies: { next: '16' }, scripts: { build: 'next build' } }), 'next.config.mjs': config });
  assert.equal(lastLine(await recipe("export default {\n  output: 'standalone',\n}")), 'CMD ["node","server.js"]');
  assert.equal((await recipe("export default {\n  output: 'export',\n}")).runtime.kind, 'static');
  assert.match(lastLine(await recipe("export default {\n  // output: 'standalone'\n}"))!, /next start/);
});

test('Vite: the output folder of its configuration', async () => {
  const recipe = await describe('vite', { ...packageJson({ devDependencies: { vite: '7' } }), 'vite.config.ts': 'export default {\n build: { outDir: "./public/build" } }' });
  assert.match(recipe.dockerfile!, /\/app\/public\/build \/srv\/www/);
  assert.equal(recipe.stages.build, 'node_modules/.bin/vite build');
});

test('Django: settings, static files, pytest, a server that is missing', async () => {
  const recipe = await describe('django', {
    'manage.py': 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")', 'config/wsgi.py': '', 'config/settings/base.py': 'STATIC_ROOT = "x"\nKEY = env("API_TOKEN")',
    'config/settings/production.py': 'from .base import *', 'requirements/base.txt': 'Django>=5', 'requirements/production.txt': '-r base.txt\nsentry-sdk', 'requirements/dev.txt': '-r base.txt\npytest-django',
  });
  assert.match(recipe.dockerfile!, /API_TOKEN=only-for-the-build .*collectstatic/);
  assert.match(recipe.dockerfile!, /pip install --no-input gunicorn==/);
  assert.match(lastLine(recipe)!, /"config\.wsgi:application"/);
  assert.deepEqual(recipe.dependencies!.keyFiles, ['requirements/base.txt', 'requirements/dev.txt', 'requirements/production.txt']);
  assert.match(recipe.stages.test!, /pytest/);
  assert.match(recipe.notes.join('\n'), /does not name a server[\s\S]*whitenoise/);
});

test('Python by uv, Poetry and plain pyproject.toml', async () => {
  const pyproject = '[project]\ndependencies = ["fastapi>=0.1", "uvicorn[standard]"]\n[dependency-groups]\ndev = ["pytest"]';
  const run = async (more: Record<string, string>) => (await describe('fastapi', { 'pyproject.toml': pyproject, ...more })).dependencies!;
  assert.match((await run({ 'uv.lock': '' })).run, /uv sync --frozen --active/);
  assert.deepEqual((await run({ 'uv.lock': '' })).keyFiles, ['pyproject.toml', 'uv.lock']);
  assert.match((await run({ 'poetry.lock': '' })).run, /poetry install --no-root/);
  assert.match((await run({})).run, /pip install --no-input 'fastapi>=0\.1' 'uvicorn\[standard\]' pytest$/);
});

test('where the Python app is', async () => {
  const start = async (framework: Framework, files: Record<string, string>) => lastLine(await describe(framework, files));
  assert.match((await start('flask', { 'wsgi.py': 'from shop import app' }))!, /"wsgi:app"/);
  assert.match((await start('flask', { 'shop/__init__.py': 'def create_app():\n  app = Flask(__name__)\n' }))!, /"shop:create_app\(\)"/);
  assert.match((await start('fastapi', { 'src/api/main.py': 'application = FastAPI(title="x")' }))!, /uvicorn api\.main:application /);
  assert.match((await start('fastapi', { 'main.py': 'def create_app():\n  return FastAPI()' }))!, /uvicorn main:create_app --factory/);
  const unknown = await describe('flask', {});
  assert.match(unknown.notes.join('\n'), /No Flask object was found/);
});

test('several Go programs are all built, and the web process is the one whose name says so', async () => {
  const recipe = await describe('go', { 'go.mod': 'module example.com/shop\n', 'cmd/server/main.go': 'package main', 'cmd/worker/main.go': 'package main' });
  assert.equal(lastLine(recipe), 'CMD ["/app/bin/server"]');
  assert.match(recipe.dockerfile!, /-o \/app\/bin\/worker \.\/cmd\/worker/);
  assert.match(recipe.notes.join('\n'), /server, worker/);
});

test('the own Dockerfile: port, user and health check', async () => {
  const recipe = await describe('dockerfile', { Dockerfile: 'FROM x\nEXPOSE 9000/tcp\nEXPOSE 9001\nHEALTHCHECK CMD curl -f http://localhost:9000/ok\n' });
  assert.deepEqual([recipe.release.port, recipe.release.healthPath, recipe.dockerfilePath], [9000, '/ok', 'Dockerfile']);
  assert.match(recipe.notes.join('\n'), /several ports: 9000, 9001[\s\S]*runs as root/);
});

test('a Dockerfile for one project: own caches, arguments, secrets', async () => {
  const recipe = await describe('node', { ...packageJson({ scripts: { build: 'tsc' }, dependencies: { a: '1' } }), 'package-lock.json': '{}' });
  const text = dockerfileFor(recipe.dockerfile!, { project: 'shop', argumentNames: ['COMMIT'], secretNames: ['NPM_TOKEN'] });
  assert.doesNotMatch(text, /id=redcontrol-npm/);
  assert.match(text, /id=redcontrol-shop-npm/);
  assert.equal(text.match(/^ARG COMMIT$/gm)?.length, 1);
  assert.equal(text.match(/--mount=type=secret,id=NPM_TOKEN/g)?.length, 2);
  assert.doesNotMatch(text, /# redcontrol/);
});

test('all recipes run as the app\'s user, from the images that the caller names', async () => {
  for (const preset of presets) {
    const { dockerfile } = await describe(preset.framework, {});
    if (dockerfile === undefined) continue;
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '));
    assert.match(dockerfile, /^ARG TOOLCHAIN\nARG RUNTIME\n/);
    assert.match(last, /^FROM \$\{RUNTIME\}\n[\s\S]*USER 10001:10001\nEXPOSE \d+/);
    assert.doesNotMatch(last, /USER root(?![\s\S]*USER 10001)/);
  }
});
