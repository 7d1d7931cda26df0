import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import { buildImage, imageExists, type Engine } from '../../engine/index.ts';
import { buildOnce, type Watcher } from '../build-once.ts';
import { recipeHash } from '../recipe-hash.ts';
import type { TrustedCertificate } from '../server-trust.ts';
import { bootstrapSuite } from './bootstrap-suite.ts';
import { fetchNpmPackage } from './fetch-npm-package.ts';
import { findRecipe } from './find-recipe.ts';
import type { DebianRecipe } from './recipe.ts';
import { recipeDockerfile } from './recipe-dockerfile.ts';

export interface DebianImageOptions {
  /** Without the recipe's tools. */
  slim: boolean;
  trust: readonly TrustedCertificate[];
  workDirectory: string;
  watcher: Watcher;
  /** An image that stands for the suite in place of one made by mmdebstrap. */
  suiteImage?: (suite: string) => Promise<string>;
}

const buildTimeoutMs = 30 * 60_000;

/**
 * The image of a recipe: an existing one when the recipe has not changed, else built now. Returns its reference.
 * Throws IMAGE_UNAVAILABLE, BUILD_FAILED, DISK_FULL, ENGINE_UNAVAILABLE, CANCELLED.
 */
export async function ensureDebianImage(engine: Engine, recipe: DebianRecipe, options: DebianImageOptions): Promise<string> {
  const full = recipe.tools !== undefined && !options.slim;
  const from = await parentImage(engine, recipe, { ...options, slim: !full });
  const dockerfile = recipeDockerfile(recipe, { from, full, trust: options.trust });
  const files = recipe.files ?? [];
  const trust = recipe.kind === 'base' ? options.trust : [];
  const variant = recipe.tools === undefined || full ? '' : '-slim';
  const tag = `redcontrol/${recipe.kind}:${recipe.version}${variant}-${recipeHash({ dockerfile, files, trust, node: recipe.node })}`;
  return buildOnce(`${engine.socketPath} ${tag}`, options.watcher, async (watcher) => {
    if (await imageExists(engine, tag)) return tag;
    const startedAtMs = Date.now();
    await inContext(options.workDirectory, async (contextDirectory) => {
      await writeContext(contextDirectory, { recipe, trust, signal: watcher.signal });
      await buildImage(engine, {
        contextDirectory, dockerfile, tag, ...watcher, timeoutMs: buildTimeoutMs,
        labels: { role: 'image', name: `${recipe.kind}-${recipe.version}${variant}` },
      });
    });
    watcher.onOutput(Buffer.from(`Made the image ${tag} in ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s\n`));
    return tag;
  });
}

/** Small on small and full on full, so that images of a suite share their largest layers. */
async function parentImage(engine: Engine, recipe: DebianRecipe, options: DebianImageOptions): Promise<string> {
  if (recipe.kind !== 'base') return ensureDebianImage(engine, findRecipe({ kind: 'base', version: recipe.suite }), options);
  if (!options.slim) return ensureDebianImage(engine, recipe, { ...options, slim: true });
  if (options.suiteImage) return options.suiteImage(recipe.suite);
  return buildOnce(`${engine.socketPath} ${recipe.suite}`, options.watcher, (watcher) =>
    bootstrapSuite(engine, recipe.suite, { workDirectory: options.workDirectory, ...watcher }),
  );
}

interface ContextParts {
  recipe: DebianRecipe;
  trust: readonly TrustedCertificate[];
  signal: AbortSignal;
}

async function writeContext(folder: string, parts: ContextParts): Promise<void> {
  await mkdir(join(folder, 'files'));
  await mkdir(join(folder, 'trust'));
  for (const file of parts.recipe.files ?? []) await writeFile(join(folder, 'files', file.name), file.text);
  for (const certificate of parts.trust) await writeFile(join(folder, 'trust', certificate.name), certificate.pem);
  const { node } = parts.recipe;
  if (!node) return;
  await fetchNpmPackage(nodePackage(), node.version, join(folder, 'node.tgz'), parts.signal);
  await fetchNpmPackage('npm', node.npm, join(folder, 'npm.tgz'), parts.signal);
  await fetchNpmPackage('corepack', corepackVersion, join(folder, 'corepack.tgz'), parts.signal);
}

/** The last one that runs on every Node from 18 on. */
const corepackVersion = '0.34';

/** Packages whose only content is Node's own binary and headers. */
function nodePackage(): string {
  if (process.arch === 'x64' || process.arch === 'arm64') return `node-linux-${process.arch}`;
  throw new RedControlError('IMAGE_UNAVAILABLE', `Expected a server with an x64 or arm64 processor for Node images, got ${process.arch}`);
}

async function inContext(workDirectory: string, action: (folder: string) => Promise<void>): Promise<void> {
  await mkdir(workDirectory, { recursive: true });
  const folder = await mkdtemp(join(workDirectory, 'context-'));
  try {
    await action(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
