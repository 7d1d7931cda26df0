import type { AppRecipe, Detection, Preset, RepositoryView } from '../recipe.ts';
import { readManifest, scriptOf, uses, type Manifest } from '../javascript/manifest.ts';
import { migrationOf } from '../javascript/migration.ts';
import { javascriptApp, noTestNote, type JavascriptApp } from '../javascript/recipe-parts.ts';
import { type ContainerCommand, developmentPackageIn, scriptCommand, shellText } from '../javascript/script-command.ts';
import { healthNote, healthPathIn } from '../reading/health-path.ts';
import { isPlainPath } from '../reading/safe-name.ts';
import { nodeDockerfile } from './dockerfile.ts';
import { entryFiles, fixedPort } from './entry-file.ts';

const servers = ['express', 'fastify', '@nestjs/core', 'koa', '@hapi/hapi', 'hono', '@hono/node-server', 'restify', 'polka', '@adonisjs/core', '@feathersjs/feathers', 'h3', 'nitropack'];
/** Frameworks with an own way to run, which are no matter of this preset. */
const others = ['next'];

export const node: Preset = { framework: 'node', title: 'Node.js (Express, Fastify, Nest and others)', detect, describe };

async function detect(repository: RepositoryView): Promise<Detection | undefined> {
  const manifest = await readManifest(repository);
  if (!manifest || uses(manifest, ...others)) return undefined;
  if (manifest.problem) return { framework: 'node', certainty: 'unsure', reason: manifest.problem };
  const server = servers.find((name) => manifest.dependencies.has(name));
  const start = startScript(manifest);
  if (server && start) return { framework: 'node', certainty: 'certain', reason: `package.json depends on ${server} and has a script "${start}".` };
  if (server) return { framework: 'node', certainty: 'likely', reason: `package.json depends on ${server}.` };
  if (start) return { framework: 'node', certainty: 'likely', reason: `package.json has a script "${start}".` };
  return { framework: 'node', certainty: 'unsure', reason: 'package.json has no "start" script and no known web framework.' };
}

async function describe(repository: RepositoryView): Promise<AppRecipe> {
  const app = await javascriptApp(repository);
  const { manifest, manager } = app;
  const { start, notes: startNotes } = await startCommand(repository, app);
  const migration = await migrationOf(repository, manifest, manager);
  const development = developmentPackageIn(manifest, [shellText(start), scriptOf(manifest, startScript(manifest) ?? ''), migration?.release]);
  const sources = await entryFiles(repository, manifest, shellText(start));
  const fixed = fixedPort(sources);
  const port = fixed?.port ?? 3000;
  const healthFile = sources.find(({ text }) => healthPathIn(text) !== undefined);
  const health = healthPathIn(healthFile?.text);
  const notes = [...app.notes, ...startNotes, ...(migration?.notes ?? []), healthNote(health, healthFile?.path ?? '')];
  if (development) notes.push(`${development} is a development package and the deployed app calls it, so the image keeps the development packages. Move it to "dependencies" for a smaller image.`);
  if (app.inputs.isWorkspace) notes.push('The repository holds several packages: the image holds all of them, with the development packages.');
  if (fixed) notes.push(`${fixed.path} listens on port ${fixed.port} whatever PORT says; that port is used.`);
  else notes.push('The app must listen on the port that PORT names, on all addresses (0.0.0.0).');
  if (app.test === undefined) notes.push(noTestNote);
  const prune = !development && manifest.devDependencies.size > 0;
  return {
    framework: 'node',
    ...app.parts,
    runtime: { ...app.parts.toolchain, slim: true },
    dockerfile: nodeDockerfile({ manager, inputs: app.inputs, build: app.build, prune, start, port, variables: { HOST: '0.0.0.0' }, writable: [], kept: {} }),
    stages: { build: app.build, migrate: migration?.step, test: app.test },
    release: { migrate: migration?.release, web: undefined, port, healthPath: health ?? '/', variables: {} },
    notes,
  };
}

/** Nest's `start` is for development; `start:prod` is what it means for servers. */
function startScript(manifest: Manifest): string | undefined {
  return ['start:prod', 'start:production', 'start'].find((name) => scriptOf(manifest, name) !== undefined);
}

async function startCommand(repository: RepositoryView, { manifest, manager }: JavascriptApp): Promise<{ start: ContainerCommand; notes: string[] }> {
  const name = startScript(manifest);
  const command = name && scriptCommand(manifest, name, manager);
  if (name && command) {
    const dev = /\b(nodemon|ts-node-dev|--watch|next dev|vite dev)\b/.test(scriptOf(manifest, name)!);
    return { start: command, notes: dev ? [`The script "${name}" looks like one for development. Set processes.web.run to the command for servers.`] : [] };
  }
  const main = manifest.main?.replace(/^\.\//, '');
  for (const path of [...(main && isPlainPath(main) ? [main] : []), 'server.js', 'index.js', 'app.js']) {
    if (await repository.exists(path)) return { start: { words: ['node', path] }, notes: [`There is no "start" script: ${path} is run.`] };
  }
  return { start: { words: ['node', 'server.js'] }, notes: ['Neither a "start" script nor a main file was found. Set processes.web.run.'] };
}
