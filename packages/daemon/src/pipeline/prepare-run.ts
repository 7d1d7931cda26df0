import { appConfigs, RedControlError, type AppConfig, type Framework, type ProjectConfig } from '@redcontrol/contract';
import { assertInstances, describeApp, detectFramework, withProcfile, type RepositoryView } from '@redcontrol/presets';
import type { DaemonContext } from '../context.ts';
import { createRunEnvironment, databaseSecrets, dependenciesKey, environmentNeeds, placeCode, type WarmPool } from '../environment/index.ts';
import { prepareMask } from '../logs/index.ts';
import { readSecrets } from '../secrets/index.ts';
import { fetchMirror, repositoryAt } from '../source/index.ts';
import { getPreview, getRevision, setFramework, setRunApps, setRunStatus, type StoredRun } from '../store/index.ts';
import { chooseApps } from './choose-apps.ts';
import { runEvent } from './run-event.ts';
import { configOfCommit } from './repository-pipeline.ts';
import type { RunContext } from './run-context.ts';
import type { PlannedStep } from './plan-steps.ts';
import { neededPlaces, runIsolation } from './run-isolation.ts';

/** A run with everything that is known before its first step. */
export interface PreparedRun {
  /** One for each app that the run concerns. */
  contexts: RunContext[];
  config: ProjectConfig;
}

/** Reads what a run needs to know: its revision's configuration, the commit, the apps that it concerns, their recipes, the secrets. */
export async function prepareRun(daemon: DaemonContext, run: StoredRun, signal: AbortSignal): Promise<PreparedRun> {
  daemon.store.transition('run.preparing', () => {
    setRunStatus(daemon.store, run.id, 'preparing', daemon.clock.now());
    daemon.events.add(runEvent(daemon, run, 'run.started', 'started'));
  });
  daemon.events.flush();
  const revision = getRevision(daemon.store, run.project, run.revision);
  if (!revision) throw new RedControlError('NOT_FOUND', `Expected revision ${run.revision} of ${run.project}, it is gone`);
  await fetchMirror(daemon.git, { project: run.project, url: revision.config.repository, wanted: run.commit, signal });
  // A rollback takes what its release was made with; what the commit's files say of processes and steps is not asked again.
  const isRollback = run.rollbackTo !== null;
  const written = isRollback ? revision.config : await configOfCommit(revision.config, repositoryAt(daemon.git, run.project, run.commit));
  const chosen = await chooseApps(daemon, run, written);
  if (chosen) daemon.store.transaction(() => setRunApps(daemon.store, run.id, chosen));
  const secrets = readSecrets(daemon, run.project, run.environments);
  // What scrubs the data for a preview knows the secrets of where they are from.
  const sources = run.environments.flatMap((name) => revision.config.environments[getPreview(daemon.store, run.project, name)?.base ?? '']?.preview?.clone?.of ?? []);
  const hidden = [
    ...[secrets, readSecrets(daemon, run.project, sources)].flatMap((all) => Object.entries(all).map(([name, value]) => ({ name, value }))),
    ...databaseSecrets(daemon, run.project, [...run.environments, ...sources]),
  ];
  const shared = { daemon, run, project: written, secrets, signal, mask: prepareMask(hidden) };
  const concerned = appConfigs(written).filter(({ app }) => !chosen || chosen.some(({ name, concerned: isConcerned }) => name === app && isConcerned));
  const contexts = await Promise.all(concerned.map((one) => appContext(shared, one)));
  if (contexts.length > 0) daemon.store.transaction(() => setFramework(daemon.store, run.project, frameworkText(contexts)));
  return { contexts, config: written };
}

/** What the steps of one app share, with its recipe read from the commit. */
async function appContext(shared: Pick<RunContext, 'daemon' | 'run' | 'project' | 'secrets' | 'signal' | 'mask'>, { app, config: written }: AppConfig): Promise<RunContext> {
  const { daemon, run } = shared;
  const repository = repositoryAt(daemon.git, run.project, run.commit, written.root);
  const framework = written.framework ?? (await detect(repository, app));
  const described = await describeApp(repository, framework);
  const { config, recipe } = run.rollbackTo !== null ? { config: written, recipe: described } : withProcfile(written, described);
  if (run.rollbackTo === null) assertInstances(config);
  const target = run.environments[0] === undefined ? undefined : config.environments[run.environments[0]];
  return {
    ...shared, app, config, recipe, repository,
    variables: {
      ...recipe.variables, ...target?.variables, CI: 'true', REDCONTROL: '1', REDCONTROL_RUN: String(run.id), REDCONTROL_COMMIT: run.commit, REDCONTROL_REF: run.ref,
      ...(app === undefined ? {} : { REDCONTROL_APP: app }),
    },
    isolation: runIsolation(config, run), places: new Map(), imageId: undefined, imageEngine: daemon.engine,
  };
}

function frameworkText(contexts: readonly RunContext[]): string {
  return [...new Set(contexts.map(({ recipe }) => recipe.framework))].join(', ');
}

/** Takes the environments that stand ready, or makes them, and brings the commit into each. */
export async function placeRun(context: RunContext, warm: WarmPool, steps: readonly PlannedStep[]): Promise<void> {
  const { daemon, run, signal, config, recipe } = context;
  const dependencies = await dependenciesKey(recipe, context.repository);
  for (const isolation of neededPlaces(context.isolation, steps)) {
    const needs = environmentNeeds({ config, recipe, environments: run.environments, isolation });
    const environment = (await warm.take(needs)) ?? (await createRunEnvironment(daemon, needs, { onOutput: () => {}, signal }));
    const place = { environment, needs, dependenciesReady: false };
    context.places.set(isolation, place);
    const placed = await placeCode(daemon, environment, { project: run.project, commit: run.commit, dependencies, signal });
    place.dependenciesReady = placed.dependenciesReady;
  }
}

async function detect(repository: RepositoryView, app: string | undefined): Promise<Framework> {
  const { chosen, detections } = await detectFramework(repository);
  if (chosen) return chosen.framework;
  const seen = detections.map((one) => `${one.framework} (${one.reason})`).join('; ') || 'nothing known';
  throw new RedControlError('FRAMEWORK_UNKNOWN', `Expected to recognise the framework${app === undefined ? '' : ` of ${app}`}, got ${seen}`, { hint: 'Name it: `framework: …` in redcontrol.yml.' });
}
