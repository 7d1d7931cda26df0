import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { engineAnswers } from '../engine/index.ts';
import { copyImage } from '../machine/index.ts';
import { engineOf, ensureEnvironmentEngine, ensureEnvironmentServices } from '../environment/index.ts';
import { openSnapshot, sealSnapshot } from './sealed-snapshot.ts';
import { addRelease, getRelease, liveRelease, newestReleasedRun, type StoredRelease } from '../store/index.ts';
import { missingSecrets } from '../secrets/index.ts';
import type { RunContext } from '../pipeline/run-context.ts';
import { withLock } from './environment-lock.ts';
import { bringOver } from './bring-over.ts';
import { abandonRelease } from './abandon-release.ts';
import { migrate } from './migrate.ts';
import { ownVolumes } from './own-volumes.ts';
import { prepareMigration } from './prepare-migration.ts';
import { restoreForRollback, withDataHint } from './restore-for-rollback.ts';
import { planSnapshot, startedSnapshot, type ReleaseSnapshot } from './release-snapshot.ts';

export interface DeployOptions {
  environment: string;
  /** A line for the step's log. */
  say: (text: string) => void;
  /** Output of the migration. */
  output: (chunk: Buffer) => void | Promise<void>;
  signal: AbortSignal;
}

/**
 * Brings the run's image, or for a rollback a kept release, to an environment: services, migration, new containers,
 * readiness, switch, watch, live. One at a time per environment. What was live serves on whatever fails.
 */
export async function deploy(context: RunContext, options: DeployOptions): Promise<void> {
  const { run, daemon } = context;
  await withLock(`${run.project}/${options.environment}`, async () => {
    options.signal.throwIfAborted();
    const live = liveRelease(daemon.store, run.project, options.environment);
    if (live?.runId === run.id) return options.say(`Release #${live.number} of this run is already live.`);
    assertNewest(context, options.environment);
    const { release, snapshot } = await beginRelease(context, options);
    try {
      options.say(`Release #${release.number} of ${release.environment}: image ${release.imageId.slice(7, 19)}, commit ${release.commit.slice(0, 8)}`);
      await ownVolumes(daemon, release, snapshot);
      if (run.rollbackTo === null) {
        await prepareMigration(daemon, { config: context.config, release, snapshot, ...options });
        if (snapshot.migrate !== undefined) options.say(`Migrating: ${snapshot.migrate}`);
        await migrate(daemon, release, snapshot, options);
      }
      const restored = await restoreForRollback(context, options);
      await bringOver(daemon, release, snapshot, options).catch((error: unknown) => {
        throw withDataHint(error, restored);
      });
    } catch (thrown) {
      // The daemon is being stopped: its next start completes the release or takes it back, as after a kill.
      if (options.signal.reason === 'shutdown') throw thrown;
      const error = asRedControlError(thrown);
      if (error.code === 'ENGINE_UNAVAILABLE') await engineAnswers(engineOf(daemon, release), options.signal);
      await abandonRelease(daemon, release, error, options.say);
      throw error;
    }
  });
}

/** A run that was overtaken while it was tested does not deploy over the newer one. */
function assertNewest({ daemon, run }: RunContext, environment: string): void {
  const newest = newestReleasedRun(daemon.store, run.project, environment);
  if (newest < run.id) return;
  throw new RedControlError('RELEASE_SUPERSEDED', `Expected run ${run.id} to be the newest for ${environment}, run ${newest} was released already`);
}

async function beginRelease(context: RunContext, options: DeployOptions): Promise<{ release: StoredRelease; snapshot: ReleaseSnapshot }> {
  const { daemon, run, config } = context;
  const { environment } = options;
  const target = run.rollbackTo === null ? undefined : getRelease(daemon.store, run.rollbackTo);
  if (run.rollbackTo !== null && !target?.available) throw new RedControlError('NOT_FOUND', 'Expected the release to go back to, its image is no longer kept');
  const hasRelease = liveRelease(daemon.store, run.project, environment) !== undefined;
  const engine = await ensureEnvironmentEngine(daemon, { config, environment, hasRelease, runtime: context.recipe.runtime, onOutput: (text) => options.say(text.trim()), signal: options.signal });
  const services = await ensureEnvironmentServices(daemon, { config, environment, onOutput: options.say, signal: options.signal });
  const snapshot = target ? startedSnapshot(openSnapshot(daemon, target)) : newSnapshot(context, environment, services);
  const imageId = target?.imageId ?? context.imageId;
  if (!imageId) throw new RedControlError('INTERNAL', 'Expected the image step to have made an image, it did not');
  if (!target && engine !== context.imageEngine) await copyImage(context.imageEngine, engine, imageId, options.signal);
  const release = daemon.store.transition('release.migrating', () => {
    const added = addRelease(daemon.store, {
      project: run.project, environment, runId: run.id, commit: target?.commit ?? run.commit, ref: target?.ref ?? run.ref,
      message: target?.message ?? run.message, author: target?.author ?? run.author, imageId,
      snapshot: sealSnapshot(daemon, { project: run.project, environment }, snapshot),
      rollbackOf: target?.id ?? null, revision: target?.revision ?? run.revision, createdAt: daemon.clock.now(),
    });
    daemon.events.add({ at: daemon.clock.now(), kind: 'release.started', project: run.project, environment, runId: run.id, text: `release #${added.number} of ${environment} started`, data: { release: added.number, commit: added.commit } });
    return added;
  });
  daemon.events.flush();
  return { release, snapshot };
}

function newSnapshot(context: RunContext, environment: string, services: Record<string, string>): ReleaseSnapshot {
  const { daemon, run, config, recipe } = context;
  const missing = missingSecrets(daemon, config, environment);
  if (missing.length > 0) {
    throw new RedControlError('SECRET_MISSING', `Expected values of the secrets ${missing.join(', ')} of ${environment}, they are not set`, { hint: `redcontrol secret set ${missing[0]} -e ${environment}, then redcontrol run retry ${run.id}` });
  }
  const names = new Set(config.environments[environment]?.secrets);
  const secrets = Object.fromEntries(Object.entries(context.secrets).filter(([name]) => names.has(name)));
  return planSnapshot({ config, environment, recipe, variables: { ...services, ...secrets } });
}
