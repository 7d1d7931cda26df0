import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { describeApp, detectFramework } from '@redcontrol/presets';
import { containerLogs, execInContainer, inspectContainer, removeContainer, stopContainer } from '../src/engine/index.ts';
import { directoryView } from './directory-view.ts';
import { presetCases, type PresetCase } from './preset-cases.ts';
import { appId, buildApp, changeVersion, closeStand, openDatabase, openStand, openSteps, pageOf, placeTree, runOnce, startApp, type Stand } from './preset-stand.ts';

const fixtures = join(fileURLToPath(import.meta.url), '../../../presets/fixtures');
/** PRESETS=django,go runs only these. */
const wanted = process.env['PRESETS']?.split(',');

describe('each preset builds, tests, migrates and runs a real app', () => {
  let stand: Stand;
  before(async () => {
    stand = await openStand();
  });
  after(() => closeStand(stand));

  for (const each of presetCases.filter((one) => wanted === undefined || wanted.includes(nameOf(one)))) {
    test(nameOf(each), { timeout: 30 * 60_000 }, (context) => runCase(stand, each, context));
  }
  if (wanted === undefined || wanted.includes('inputs')) test('a build gets arguments and secrets, and the image keeps no secret', () => runInputs(stand));
});

function nameOf({ fixture, variant }: PresetCase): string {
  return variant ? `${fixture}-${variant.name}` : fixture;
}

/** Folder with the app: the fixture itself, or a copy that is locked in another way. */
async function appDirectory(stand: Stand, each: PresetCase): Promise<string> {
  const directory = join(fixtures, each.fixture);
  if (!each.variant) return directory;
  const name = `${nameOf(each)}-prepared`;
  const tree = await placeTree(stand, directory, name);
  const steps = await openSteps(stand, { name, tree, toolchain: each.variant.image, caches: {}, variables: {} });
  const { exitCode, output } = await steps.run(each.variant.command, {});
  assert.equal(exitCode, 0, output.slice(-3000));
  return tree;
}

async function runCase(stand: Stand, each: PresetCase, context: TestContext): Promise<void> {
  const name = nameOf(each);
  const directory = await appDirectory(stand, each);
  const view = directoryView(directory);
  const { chosen } = await detectFramework(view);
  assert.equal(chosen?.framework, each.framework);
  const recipe = await describeApp(view, each.framework);
  assert.equal(recipe.release.healthPath, each.healthPath);

  const database = each.database ? await openDatabase(stand, name) : {};
  const variables = { ...database, ...each.variables };
  const tree = await placeTree(stand, directory, name);
  await runStages(stand, each, { tree, recipe, variables });

  const source = await placeTree(stand, directory, `${name}-source`);
  const cold = await buildApp(stand, { name, context: source, recipe });
  if (recipe.release.migrate) {
    assert.equal(await runOnce(stand, { name, image: cold.imageId, command: recipe.release.migrate, variables }), 0, 'the release migrates');
  }
  await assertServes(stand, each, { image: cold.imageId, recipe, variables, version: 'version-1' });

  await changeVersion(join(source, each.versionFile));
  const warm = await buildApp(stand, { name, context: source, recipe });
  if (each.cachedStep) assertCached(warm.output, each.cachedStep);
  await assertServes(stand, each, { image: warm.imageId, recipe, variables, version: 'version-2' });
  const { Size } = await stand.engine.docker.getImage(warm.imageId).inspect();
  context.diagnostic(`${name}: image ${(Size / 1e6).toFixed(0)} MB, built in ${cold.seconds.toFixed(1)} s cold, ${warm.seconds.toFixed(1)} s after a change of code`);
}

async function runInputs(stand: Stand): Promise<void> {
  const context = join(stand.directory, 'inputs');
  const check = "node -e \"if (process.env.COMMIT !== 'abc' || process.env.TOKEN?.length !== 9) process.exit(1)\"";
  await mkdir(context);
  await writeFile(join(context, 'package.json'), JSON.stringify({ scripts: { build: check, start: 'node server.js' } }));
  const recipe = await describeApp(directoryView(context), 'node');
  const { imageId } = await buildApp(stand, { name: 'inputs', context, recipe, arguments: { COMMIT: 'abc' }, secrets: { TOKEN: 'only-here' } });
  const image = stand.engine.docker.getImage(imageId);
  const kept = JSON.stringify([await image.inspect(), await image.history()]);
  assert.ok(!kept.includes('only-here'), 'neither the configuration nor the history names the secret');
  assert.equal(await runOnce(stand, { name: 'inputs', image: imageId, command: '! grep -rq only-here /app /run /home/app', variables: {} }), 0, 'no file holds the secret');
}

type Recipe = Awaited<ReturnType<typeof describeApp>>;

async function runStages(stand: Stand, each: PresetCase, work: { tree: string; recipe: Recipe; variables: Record<string, string> }): Promise<void> {
  const { recipe, variables } = work;
  if (!recipe.dependencies) return;
  const steps = await openSteps(stand, { name: nameOf(each), tree: work.tree, ...recipe });
  const commands = { dependencies: recipe.dependencies.run, build: recipe.stages.build, migrate: recipe.stages.migrate, test: recipe.stages.test };
  for (const [stage, command] of Object.entries(commands)) {
    if (command === undefined) continue;
    const { exitCode, output } = await steps.run(command, stage === 'dependencies' ? {} : variables);
    assert.equal(exitCode, 0, `${stage}: ${command}\n${output.slice(-3000)}`);
    if (stage === 'test' && each.ranTests) assert.match(output, each.ranTests);
  }
  assert.ok(recipe.stages.test, 'the fixture has tests');
  await removeContainer(stand.engine, steps.id);
}

async function assertServes(stand: Stand, each: PresetCase, release: { image: string; recipe: Recipe; variables: Record<string, string>; version: string }): Promise<void> {
  const { recipe, image, version } = release;
  const app = await startApp(stand, { name: `${nameOf(each)}-${version}`, image, port: recipe.release.port, variables: { ...recipe.release.variables, ...release.variables } });
  const health = await pageOf(app.origin + recipe.release.healthPath);
  if (health === undefined) assert.fail(`Expected ${recipe.release.healthPath} to answer, got: ${await containerLogs(stand.engine, app.id, { lines: 40 })}`);
  const page = (await pageOf(`${app.origin}/`, 5_000)) ?? '';
  assert.ok(page.includes(version), `the page names ${version}: ${page.slice(0, 300)}`);
  if (each.database) assert.match(page, each.database);
  assert.equal(await inApp(stand, app.id, 'id -u; id -g'), `${appId}\n${appId}\n`);
  assert.equal(await inApp(stand, app.id, 'touch /app/written 2> /dev/null && echo written; find /app /srv/www -maxdepth 1 -user 10001 -name "*.*" 2> /dev/null || true'), '');
  await stopContainer(stand.engine, app.id, { timeoutMs: 10_000 });
  const state = await inspectContainer(stand.engine, app.id);
  assert.notEqual(state?.exitCode, 137, 'the app ends by its stop signal');
}

async function inApp(stand: Stand, container: string, command: string): Promise<string> {
  const chunks: Buffer[] = [];
  await execInContainer(stand.engine, { container, command: ['sh', '-c', command], onOutput: (chunk) => void chunks.push(chunk) });
  return Buffer.concat(chunks).toString('utf8');
}

/** BuildKit names a step with its number, and says CACHED of that number. */
function assertCached(output: string, step: RegExp): void {
  const lines = output.split('\n');
  const number = lines.find((line) => step.test(line))?.match(/^#(\d+) /)?.[1];
  assert.ok(number && lines.includes(`#${number} CACHED`), `${step} comes from the cache:\n${output.slice(0, 4000)}`);
}
