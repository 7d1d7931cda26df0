import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { dockerfileFor } from '@redcontrol/presets';
import { buildImage } from '../engine/index.ts';
import { assertInside, checkout, recheckout } from '../source/index.ts';
import { workUser } from '../context.ts';
import { chosenSecrets, type RunContext } from './run-context.ts';
import type { StepLog } from './step-log.ts';

/** Builds of one project follow each other: they share the context's folder, of which only changed files are sent. */
const building = new Map<string, Promise<unknown>>();

/** Builds the app's image from the run's commit alone, never from a tree that a step has touched. Answers its id. */
export async function buildAppImage(context: RunContext, step: { timeoutMs: number }, log: StepLog, signal: AbortSignal): Promise<string> {
  const { project } = context.run;
  const previous = building.get(project) ?? Promise.resolve();
  const build = previous.catch(() => {}).then(() => buildNow(context, step, log, signal));
  building.set(project, build);
  return build;
}

async function buildNow(context: RunContext, step: { timeoutMs: number }, log: StepLog, signal: AbortSignal): Promise<string> {
  const { daemon, run, config, recipe } = context;
  signal.throwIfAborted();
  const images = daemon.images(config.images.source, config.images.mirror);
  const onOutput = (chunk: Buffer | string) => void log.write(Buffer.from(chunk));
  const [toolchain, runtime] = await Promise.all([
    images.ensure(recipe.toolchain, { onOutput, signal }),
    images.ensure(recipe.runtime, { onOutput, signal }),
  ]);
  const tree = await placeBuildContext(context, signal);
  const contextDirectory = join(tree, config.root ?? '');
  // A root that is a link out of the tree would send the server's own files to the build.
  await assertInside(tree, contextDirectory);
  const inputs = { project: `${daemon.options.instance}-${run.project}`, argumentNames: Object.keys(config.build.arguments), secretNames: config.build.secrets };
  // What a build runs is the repository's as well: it has the run's own engine where the run has one.
  context.imageEngine = context.isolation.run === 'vm' ? context.places.get('vm')!.environment.engine : daemon.engine;
  return buildImage(context.imageEngine, {
    contextDirectory,
    dockerfile: recipe.dockerfile === undefined ? await ownDockerfile(context) : dockerfileFor(recipe.dockerfile, inputs),
    ignore: recipe.ignore,
    tag: `redcontrol/${daemon.options.instance}/${run.project}:run-${run.id}${context.app === undefined ? '' : `-${context.app}`}`,
    buildArguments: { ...config.build.arguments, TOOLCHAIN: toolchain, RUNTIME: runtime },
    secrets: chosenSecrets(context.secrets, config.build.secrets),
    labels: { role: 'image', project: run.project, run: run.id, ...(context.app === undefined ? {} : { app: context.app }) },
    onOutput: (chunk) => log.write(chunk),
    timeoutMs: step.timeoutMs,
    signal,
  });
}

/** The repository's own Dockerfile, read from the commit: a link in the tree is never followed. */
async function ownDockerfile({ repository, config, recipe }: RunContext): Promise<string> {
  const path = config.build.dockerfile ?? recipe.dockerfilePath ?? 'Dockerfile';
  const text = await repository.readText(path);
  if (text !== undefined) return text;
  throw new RedControlError('BUILD_FAILED', `Expected a Dockerfile at ${path}, there is none in this commit`, { hint: 'Name it with `build.dockerfile`.' });
}

async function placeBuildContext(context: RunContext, signal: AbortSignal): Promise<string> {
  const { daemon, run } = context;
  const directory = join(daemon.options.dataDirectory, 'build', run.project, 'tree');
  const target = { project: run.project, commit: run.commit, directory, uid: workUser.uid, gid: workUser.gid, signal };
  const made = await mkdir(directory, { recursive: true });
  if (made) await checkout(daemon.git, target);
  else await recheckout(daemon.git, target);
  return directory;
}

