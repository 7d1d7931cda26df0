import { RedControlError } from '@redcontrol/contract';
import { imageKinds, type ImageNeed } from '@redcontrol/presets';
import { imageExists, type Engine } from '../engine/index.ts';
import type { Watcher } from './build-once.ts';
import { databaseVersions, type DatabaseVersions } from './database-versions.ts';
import { ensureDebianImage } from './debian/ensure-debian-image.ts';
import { findRecipe } from './debian/find-recipe.ts';
import { ensureHubImage, ensurePulled } from './hub/ensure-hub-image.ts';
import { mirroredReference } from './hub/mirrored-reference.ts';
import { imageSource, type ImageSource, type SourceOptions } from './image-source.ts';
import { needOfText } from './need-of-text.ts';
import { removeOutdated } from './remove-outdated.ts';
import { serverTrust } from './server-trust.ts';

export type ImagesOptions = SourceOptions;

export interface EnsureOptions {
  onOutput?: (chunk: Buffer) => void;
  signal?: AbortSignal;
}

export interface Images {
  /** The reference of an image for a need, which is on the engine afterwards. */
  ensure(need: ImageNeed, options?: EnsureOptions): Promise<string>;
  /** Which source is taken; with `auto` this is when it is found out. */
  source(): Promise<ImageSource>;
  /** Database versions of the source that is taken. */
  databaseVersions(): Promise<DatabaseVersions[]>;
  /** A reference for what somebody wrote as a step's `image`. */
  forImageText(text: string, options?: EnsureOptions): Promise<string>;
  /** Removes images that newer ones have replaced for a day and that nothing uses; returns their tags. */
  removeOutdated(): Promise<string[]>;
}

/** Value of the `redcontrol` label of toolchain and database images: all daemons and tests of an engine share them. */
export const sharedInstance = 'shared';

/**
 * Where images come from: Docker Hub (or its mirror), or Debian's packages on the server itself.
 * `workDirectory` holds what is needed while an image is made, and which source `auto` took.
 * Calls throw IMAGE_UNAVAILABLE (no such version: the hint names those that there are), BUILD_FAILED, DISK_FULL,
 * ENGINE_UNAVAILABLE or CANCELLED.
 */
export function createImages(engine: Engine, options: ImagesOptions): Images {
  const shared: Engine = { ...engine, instance: sharedInstance };
  const source = imageSource(shared, options);
  const watcherOf = (ensure: EnsureOptions = {}): Watcher => ({ onOutput: () => {}, ...ensure });
  const ensure = async (need: ImageNeed, ensureOptions?: EnsureOptions) => {
    const watcher = watcherOf(ensureOptions);
    const trust = await serverTrust();
    const parts = { trust, workDirectory: options.workDirectory, watcher };
    if ((await source((line) => watcher.onOutput(Buffer.from(`${line}\n`)))) === 'hub') {
      return ensureHubImage(shared, need, { ...parts, mirror: options.mirror });
    }
    return ensureDebianImage(shared, findRecipe(need), { ...parts, slim: need.slim ?? false });
  };
  return {
    ensure,
    source: () => source(() => {}),
    databaseVersions: async () => databaseVersions(await source(() => {})),
    removeOutdated: () => removeOutdated(shared),
    async forImageText(text, ensureOptions) {
      if ((await source(() => {})) === 'hub') return ensurePulled(shared, mirroredReference(text, options.mirror), watcherOf(ensureOptions));
      const need = needOfText(text);
      if (need) return ensure(need, ensureOptions);
      if (await imageExists(shared, text)) return text;
      throw notToBeHad(text);
    },
  };
}

function notToBeHad(text: string): RedControlError {
  return new RedControlError('IMAGE_UNAVAILABLE', `Expected an image that can be made from Debian's packages, got ${text}`, {
    hint: `There are ${imageKinds.filter((kind) => kind !== 'mysql').join(', ')}. Others need Docker Hub or a mirror of it, or are loaded into the engine by hand.`,
  });
}
