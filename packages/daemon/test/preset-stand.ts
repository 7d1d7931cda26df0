import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@redcontrol/system';
import { dockerfileFor, type AppRecipe } from '@redcontrol/presets';
import { buildImage, ensureNetwork, execInContainer, inspectContainer, openEngine, purgeInstance, startContainer, waitContainer, type Engine } from '../src/engine/index.ts';
import { databaseVariables, startDatabase, waitForDatabase } from '../src/environment/databases/index.ts';
import { createImages, type Images } from '../src/images/index.ts';

export const appId = 10_001;

/** What the end to end tests of presets stand on: an engine, images, one network, one database, all gone afterwards. */
export interface Stand {
  engine: Engine;
  images: Images;
  network: string;
  directory: string;
}

export async function openStand(): Promise<Stand> {
  const instance = `test-presets-${randomBytes(3).toString('hex')}`;
  const engine = openEngine({ instance });
  const directory = await mkdtemp(join(tmpdir(), `${instance}-`));
  await ensureNetwork(engine, instance, { role: 'network' });
  return { engine, images: createImages(engine, { source: 'debian', workDirectory: join(directory, 'images') }), network: instance, directory };
}

export async function closeStand(stand: Stand): Promise<void> {
  await purgeInstance(stand.engine, { images: true });
  await rm(stand.directory, { recursive: true, force: true });
}

/** A fresh PostgreSQL for one case; answers the variables by which an app finds it. */
export async function openDatabase(stand: Stand, name: string): Promise<Record<string, string>> {
  const access = { host: `db-${name}`, user: 'app', password: randomBytes(9).toString('hex'), name: 'app' };
  const containerId = await startDatabase(stand.engine, {
    containerName: `${stand.network}-db-${name}`, engine: 'postgres', imageReference: await stand.images.ensure({ kind: 'postgres' }), network: stand.network,
    access, volume: undefined, labels: { role: 'database' }, memoryBytes: 1024 ** 3,
  });
  await waitForDatabase(stand.engine, { containerId, engine: 'postgres', access, timeoutMs: 60_000, clock: systemClock });
  return databaseVariables('postgres', access);
}

/** A copy of the fixture that belongs to the app's user, as a checkout does. */
export async function placeTree(stand: Stand, fixtureDirectory: string, name: string): Promise<string> {
  const tree = join(stand.directory, name, 'tree');
  await cp(fixtureDirectory, tree, { recursive: true });
  await giveToApp(tree);
  return tree;
}

async function giveToApp(folder: string): Promise<void> {
  await chown(folder, appId, appId);
  for (const entry of await readdir(folder, { recursive: true })) await chown(join(folder, entry), appId, appId);
}

export interface StepContainer {
  id: string;
  run(command: string, variables: Record<string, string>): Promise<{ exitCode: number; output: string }>;
}

/** The toolchain's container as a run has it: working tree at /work, download caches mounted. */
export async function openSteps(stand: Stand, options: Pick<AppRecipe, 'toolchain' | 'caches' | 'variables'> & { name: string; tree: string }): Promise<StepContainer> {
  const { tree, name } = options;
  const caches = await Promise.all(
    Object.entries(options.caches).map(async ([cache, target]) => {
      const source = join(stand.directory, name, 'cache', cache);
      await mkdir(source, { recursive: true });
      await chown(source, appId, appId);
      return { kind: 'bind' as const, source, target };
    }),
  );
  const { id } = await startContainer(stand.engine, {
    name: `${stand.network}-steps-${name}`, image: await stand.images.ensure(options.toolchain), entrypoint: [], command: ['sleep', 'infinity'], init: true,
    user: `${appId}:${appId}`, workingDir: '/work', labels: { role: 'run' }, network: stand.network, mounts: [{ kind: 'bind', source: tree, target: '/work' }, ...caches],
    memoryBytes: 4 * 1024 ** 3, pidsLimit: 1024,
  });
  return {
    id,
    async run(command, variables) {
      const chunks: Buffer[] = [];
      const { exitCode } = await execInContainer(stand.engine, {
        container: id, command: ['sh', '-e', '-c', command], user: `${appId}:${appId}`, workingDir: '/work', variables: { HOME: '/home/app', ...options.variables, ...variables },
        onOutput: (chunk) => void chunks.push(chunk), timeoutMs: 15 * 60_000,
      });
      return { exitCode, output: Buffer.concat(chunks).toString('utf8') };
    },
  };
}

export interface BuildWish {
  name: string;
  context: string;
  recipe: AppRecipe;
  arguments?: Record<string, string>;
  secrets?: Record<string, string>;
}

/** Builds the app's image and answers its id, what the build said, and how long it took. */
export async function buildApp(stand: Stand, options: BuildWish): Promise<{ imageId: string; output: string; seconds: number }> {
  const { recipe, context, name } = options;
  const chunks: Buffer[] = [];
  const [toolchain, runtime] = await Promise.all([stand.images.ensure(recipe.toolchain), stand.images.ensure(recipe.runtime)]);
  const startedAtMs = performance.now();
  const imageId = await buildImage(stand.engine, {
    contextDirectory: context,
    dockerfile: recipe.dockerfile === undefined ? { path: recipe.dockerfilePath! } : dockerfileFor(recipe.dockerfile, { project: stand.network, argumentNames: Object.keys(options.arguments ?? {}), secretNames: Object.keys(options.secrets ?? {}) }),
    ignore: recipe.ignore, tag: `${stand.network}/${name}:latest`, labels: { role: 'image' }, buildArguments: { ...options.arguments, TOOLCHAIN: toolchain, RUNTIME: runtime },
    ...(options.secrets && { secrets: options.secrets }),
    onOutput: (chunk) => void chunks.push(chunk), timeoutMs: 20 * 60_000,
  });
  return { imageId, output: Buffer.concat(chunks).toString('utf8'), seconds: (performance.now() - startedAtMs) / 1000 };
}

/** Runs a command in a container of the image to its end. */
export async function runOnce(stand: Stand, options: { name: string; image: string; command: string; variables: Record<string, string> }): Promise<number> {
  const { id } = await startContainer(stand.engine, {
    name: `${stand.network}-once-${options.name}`, image: options.image, entrypoint: [], command: ['sh', '-c', options.command], labels: { role: 'migration' }, network: stand.network, variables: options.variables,
  });
  return waitContainer(stand.engine, id);
}

/** Starts the app as a release does, without a user of its own: the image's counts. Answers its id and address. */
export async function startApp(stand: Stand, options: { name: string; image: string; port: number; variables: Record<string, string> }): Promise<{ id: string; origin: string }> {
  const { id } = await startContainer(stand.engine, {
    name: `${stand.network}-app-${options.name}`, image: options.image, labels: { role: 'web' }, network: stand.network, variables: { PORT: String(options.port), ...options.variables },
    memoryBytes: 512 * 1024 ** 2, pidsLimit: 512, init: true,
  });
  const state = await inspectContainer(stand.engine, id);
  return { id, origin: `http://${state!.addresses[stand.network]}:${options.port}` };
}

/** Text of an address as soon as it answers below 400; undefined when it never does. */
export async function pageOf(url: string, timeoutMs = 60_000): Promise<string | undefined> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (response?.ok) return response.text();
    await systemClock.sleep(100);
  }
  return undefined;
}

export async function changeVersion(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replaceAll('version-1', 'version-2'));
}
