import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RedControlError } from '@redcontrol/contract';
import type { ImageNeed } from '@redcontrol/presets';
import { buildImage, imageExists, pullImage, type Engine } from '../../engine/index.ts';
import { buildOnce, type Watcher } from '../build-once.ts';
import { ensureDebianImage } from '../debian/ensure-debian-image.ts';
import { serveStatic } from '../debian/entrypoints/serve-static.ts';
import { findRecipe } from '../debian/find-recipe.ts';
import { recipeHash } from '../recipe-hash.ts';
import type { TrustedCertificate } from '../server-trust.ts';
import { hubDockerfile } from './hub-dockerfile.ts';
import { hubRecipes, hubReference } from './hub-recipe.ts';
import { mirroredReference } from './mirrored-reference.ts';

export interface HubImageOptions {
  mirror: string | undefined;
  trust: readonly TrustedCertificate[];
  workDirectory: string;
  watcher: Watcher;
}

/** The official image for a need, pulled where it is missing, with RedControl's layer where it needs one. Returns its reference. */
export async function ensureHubImage(engine: Engine, need: ImageNeed, options: HubImageOptions): Promise<string> {
  if (need.kind === 'php') {
    // The official image has neither Composer nor the usual extensions; Debian's packages have both.
    const suiteImage = (suite: string) => ensurePulled(engine, mirroredReference(`debian:${suite}-slim`, options.mirror), options.watcher);
    return ensureDebianImage(engine, findRecipe(need), { ...options, slim: need.slim ?? false, suiteImage });
  }
  const recipe = hubRecipes[need.kind];
  const reference = mirroredReference(hubReference(recipe, need), options.mirror);
  if (recipe.asItIs) return ensurePulledVersion(engine, need, reference, options.watcher);
  const packages = (need.slim ? recipe.packages?.slim : recipe.packages?.full) ?? [];
  const dockerfile = hubDockerfile({ kind: need.kind, from: reference, packages, trust: options.trust });
  const serve = need.kind === 'static' ? serveStatic : undefined;
  const hash = recipeHash({ dockerfile, trust: options.trust, serve });
  const tag = `redcontrol/${need.kind}:hub-${hash}`;
  return buildOnce(`${engine.socketPath} ${tag}`, options.watcher, async (watcher) => {
    if (await imageExists(engine, tag)) return tag;
    await ensurePulledVersion(engine, need, reference, watcher);
    await mkdir(options.workDirectory, { recursive: true });
    const contextDirectory = await mkdtemp(join(options.workDirectory, 'context-'));
    try {
      await mkdir(join(contextDirectory, 'trust'));
      for (const each of options.trust) await writeFile(join(contextDirectory, 'trust', each.name), each.pem);
      if (serve !== undefined) await writeFile(join(contextDirectory, 'static-entrypoint.sh'), serve);
      await buildImage(engine, { contextDirectory, dockerfile, tag, ...watcher, labels: { role: 'image', name: reference } });
      return tag;
    } finally {
      await rm(contextDirectory, { recursive: true, force: true });
    }
  });
}

export async function ensurePulled(engine: Engine, reference: string, watcher: Watcher): Promise<string> {
  return buildOnce(`${engine.socketPath} ${reference}`, watcher, async ({ onOutput, signal }) => {
    if (!(await imageExists(engine, reference))) await pullImage(engine, reference, onOutput, signal);
    return reference;
  });
}

async function ensurePulledVersion(engine: Engine, need: ImageNeed, reference: string, watcher: Watcher): Promise<string> {
  try {
    return await ensurePulled(engine, reference, watcher);
  } catch (error) {
    if (!(error instanceof RedControlError) || error.code !== 'IMAGE_UNAVAILABLE' || need.kind === 'php') throw error;
    throw new RedControlError('IMAGE_UNAVAILABLE', error.message, {
      cause: error,
      hint: `Versions of ${need.kind} that are known here: ${hubRecipes[need.kind].versions.join(', ')}.`,
    });
  }
}
