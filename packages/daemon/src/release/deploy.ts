import { asRedControlError, RedControlError, type ProjectConfig } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { engineAnswers } from '../engine/index.ts';
import { copyImage } from '../machine/index.ts';
import { engineOf, ensureEnvironmentEngine, ensureEnvironmentServices } from '../environment/index.ts';
import { openSnapshot, sealSnapshot } from './sealed-snapshot.ts';
import { addRelease, getProject, getRelease, liveRelease, newestReleasedRun, type StoredRelease, type StoredRun } from '../store/index.ts';
import { missingSecrets } from '../secrets/index.ts';
import { chooseApps } from '../pipeline/choose-apps.ts';
import type { RunContext } from '../pipeline/run-context.ts';
import { withLock } from './environment-lock.ts';
import { bringOver } from './bring-over.ts';
import { abandonRelease } from './abandon-release.ts';
import { migrate } from './migrate.ts';
import { beginFill } from '../preview/fill-preview.ts';
import { ownVolumes } from './own-volumes.ts';
import { prepareMigration } from './prepare-migration.ts';
import { reconcileProxy } from './reconcile-proxy.ts';
import { restoreForRollback, withDataHint } from './restore-for-rollback.ts';
import { planRelease, planRollback, type KnownRelease } from './plan-release.ts';
import { openUnits, type ReleaseUnit } from './release-units.ts';

export interface DeployOptions {
  environment: string;
  /** A line for the step's log. */
  say: (text: string) => void;
  /** Output of the migration. */
  output: (chunk: Buffer) => void | Promise<void>;
  signal: AbortSignal;
}

/**
 * Brings the images of the run, or for a rollback a kept release, to an environment: services, migration, new containers,
 * readiness, switch, watch, live. One at a time per environment. What was live serves on whatever fails, and of several
 * apps all are switched or none. `contexts`: of the apps that the run concerns.
 */
export async function deploy(contexts: readonly RunContext[], options: DeployOptions): Promise<void> {
  const [context] = contexts;
  if (!context) throw new RedControlError('INTERNAL', 'Expected a run that concerns an app, it concerns none');
  const { run, daemon, project } = context;
  await withLock(`${run.project}/${options.environment}`, async () => {
    options.signal.throwIfAborted();
    const live = liveRelease(daemon.store, run.project, options.environment);
    if (live?.runId === run.id) return options.say(`Release #${live.number} of this run is already live.`);
    assertNewest(context, options.environment);
    assertStillThere(context, options.environment);
    const fill = await beginFill(daemon, { project: run.project, environment: options.environment });
    // A new preview has no site in the proxy yet.
    if (fill) await reconcileProxy(daemon);
    const release = await beginRelease(contexts, context, options);
    try {
      const units = openUnits(daemon, release);
      for (const unit of units) options.say(`Release #${release.number} of ${release.environment}: ${introduction(unit)}`);
      const started = units.filter(({ isCarried }) => !isCarried);
      for (const { release: unit, snapshot } of started) await ownVolumes(daemon, unit, snapshot);
      await fill?.beforeMigration({ config: project, units: started, ...options });
      if (run.rollbackTo === null) for (const unit of started) await migrateUnit(daemon, { unit, run, project }, options);
      await fill?.afterMigration({ config: project, units: started, ...options });
      const restored = await restoreForRollback(context, options);
      await bringOver(daemon, release, { ...options, settings: project.environments[options.environment]! }).catch((error: unknown) => {
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

function introduction({ release, isCarried }: ReleaseUnit): string {
  const image = `image ${release.imageId.slice(7, 19)}, commit ${release.commit.slice(0, 8)}`;
  if (release.app === undefined) return image;
  return `${release.app} ${isCarried ? `stays as it is since release #${release.number}` : 'comes new'}: ${image}`;
}

async function migrateUnit(daemon: DaemonContext, { unit: { release, snapshot }, run, project }: { unit: ReleaseUnit; run: StoredRun; project: ProjectConfig }, options: DeployOptions): Promise<void> {
  await prepareMigration(daemon, { config: project, release: { ...release, runId: run.id }, snapshot, ...options });
  if (snapshot.migrate !== undefined) options.say(`Migrating${release.app === undefined ? '' : ` ${release.app}`}: ${snapshot.migrate}`);
  await migrate(daemon, release, snapshot, options);
}

/** A run that was overtaken while it was tested does not deploy over the newer one. */
function assertNewest({ daemon, run }: RunContext, environment: string): void {
  const newest = newestReleasedRun(daemon.store, run.project, environment);
  if (newest < run.id) return;
  throw new RedControlError('RELEASE_SUPERSEDED', `Expected run ${run.id} to be the newest for ${environment}, run ${newest} was released already`);
}

/** A preview may have ended since the run began; nothing is made of it again. */
function assertStillThere({ daemon, run }: RunContext, environment: string): void {
  if (getProject(daemon.store, run.project)?.config.environments[environment]) return;
  throw new RedControlError('NOT_FOUND', `Expected the environment ${environment} of ${run.project}, it was removed meanwhile`, { hint: 'See `redcontrol status`.' });
}

async function beginRelease(contexts: readonly RunContext[], context: RunContext, options: DeployOptions): Promise<StoredRelease> {
  const { daemon, run, project: config } = context;
  const { environment } = options;
  const target = run.rollbackTo === null ? undefined : getRelease(daemon.store, run.rollbackTo);
  if (run.rollbackTo !== null && !target?.available) throw new RedControlError('NOT_FOUND', 'Expected the release to go back to, its image is no longer kept');
  const live = liveRelease(daemon.store, run.project, environment);
  const engine = await ensureEnvironmentEngine(daemon, { config, environment, hasRelease: live !== undefined, runtimes: contexts.map(({ recipe }) => recipe.runtime), onOutput: (text) => options.say(text.trim()), signal: options.signal });
  const services = await ensureEnvironmentServices(daemon, { config, environment, onOutput: options.say, signal: options.signal });
  const known = (release: StoredRelease): KnownRelease => ({ ...release, snapshot: openSnapshot(daemon, release) });
  if (!target) await assertUnchanged(contexts, context, environment);
  const plan = target
    ? planRollback(known(target), live && known(live), config)
    : planRelease({ contexts, project: config, commit: run.commit, environment, live: live && known(live), variables: { ...services, ...environmentSecrets(context, environment) } });
  if (!target) for (const { imageEngine, imageId } of contexts) if (engine !== imageEngine && imageId !== undefined) await copyImage(imageEngine, engine, imageId, options.signal);
  const release = daemon.store.transition('release.migrating', () => {
    const added = addRelease(daemon.store, {
      project: run.project, environment, runId: run.id, commit: target?.commit ?? run.commit, ref: target?.ref ?? run.ref,
      message: target?.message ?? run.message, author: target?.author ?? run.author, imageId: plan.imageId, apps: plan.apps,
      snapshot: sealSnapshot(daemon, { project: run.project, environment }, plan.snapshot),
      rollbackOf: target?.id ?? null, revision: target?.revision ?? run.revision, createdAt: daemon.clock.now(),
    });
    daemon.events.add({ at: daemon.clock.now(), kind: 'release.started', project: run.project, environment, runId: run.id, text: `release #${added.number} of ${environment} started`, data: { release: added.number, commit: added.commit } });
    return added;
  });
  daemon.events.flush();
  return release;
}

/** An app that the run leaves as it is must still be what the run was compared with: another run may have deployed meanwhile. */
async function assertUnchanged(contexts: readonly RunContext[], { daemon, run, project }: RunContext, environment: string): Promise<void> {
  const chosen = await chooseApps(daemon, { ...run, environments: [environment] }, project);
  const late = chosen?.find(({ name, concerned }) => concerned && !contexts.some(({ app }) => app === name));
  if (!late) return;
  throw new RedControlError('CONFLICT', `Expected ${late.name} to be live in ${environment} as when the run was planned, it is not. ${late.text}`, { hint: `Nothing was changed. Retry it: redcontrol run retry ${run.id}` });
}

function environmentSecrets({ daemon, run, project, secrets }: RunContext, environment: string): Record<string, string> {
  const missing = missingSecrets(daemon, project, environment);
  if (missing.length > 0) {
    throw new RedControlError('SECRET_MISSING', `Expected values of the secrets ${missing.join(', ')} of ${environment}, they are not set`, { hint: `redcontrol secret set ${missing[0]} -e ${environment}, then redcontrol run retry ${run.id}` });
  }
  const names = new Set(project.environments[environment]?.secrets);
  return Object.fromEntries(Object.entries(secrets).filter(([name]) => names.has(name)));
}
