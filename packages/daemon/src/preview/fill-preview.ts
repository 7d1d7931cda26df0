import { RedControlError, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { databaseContainer, engineOf } from '../environment/index.ts';
import { removeContainer, removeVolume } from '../engine/index.ts';
import { migratingUnit, type ReleaseUnit } from '../release/release-units.ts';
import { runOnce } from '../release/run-once.ts';
import { getDatabase, getPreview, setPreviewFilled, type StoredPreview } from '../store/index.ts';
import { cloneData } from './clone-data.ts';

export interface FillWish {
  config: ProjectConfig;
  /** What the release starts anew. */
  units: readonly ReleaseUnit[];
  say: (text: string) => void;
  output: (chunk: Buffer) => void | Promise<void>;
  signal: AbortSignal;
}

/** What gives a new preview its data, around the first migration. */
export interface PreviewFill {
  beforeMigration(wish: FillWish): Promise<void>;
  afterMigration(wish: FillWish): Promise<void>;
}

/**
 * For an environment that is a preview without data, with its database empty: also what a fill that broke off had left there is gone. Undefined for every
 * other environment.
 */
export async function beginFill(daemon: DaemonContext, owner: { project: string; environment: string }): Promise<PreviewFill | undefined> {
  const preview = getPreview(daemon.store, owner.project, owner.environment);
  if (preview?.data !== 'none') return undefined;
  for (const role of ['database', 'redis'] as const) {
    const stored = getDatabase(daemon.store, owner.project, owner.environment, role);
    if (!stored) continue;
    await removeContainer(engineOf(daemon, owner), databaseContainer(daemon, stored));
    await removeVolume(engineOf(daemon, owner), stored.volume);
  }
  return {
    async beforeMigration(wish) {
      const clone = wish.config.environments[preview.base]?.preview?.clone;
      if (clone) await cloneData(daemon, { ...wish, preview, clone });
    },
    async afterMigration(wish) {
      await seed(daemon, preview, wish);
      daemon.store.transition('preview.filled', () => setPreviewFilled(daemon.store, preview));
    },
  };
}

async function seed(daemon: DaemonContext, { base }: StoredPreview, wish: FillWish): Promise<void> {
  const command = wish.config.environments[base]?.preview?.seed;
  if (command === undefined) return;
  wish.say(`Seeding: ${command}`);
  const unit = migratingUnit(wish.units);
  const exitCode = await runOnce(daemon, unit.release, unit.snapshot, { name: 'seed', command, output: wish.output, signal: wish.signal });
  if (exitCode !== 0) throw new RedControlError('PREVIEW_FAILED', `Expected the seeding (${command}) to end with exit code 0, got ${exitCode}`, { hint: 'The next run begins with an empty database. The output is above.' });
}
