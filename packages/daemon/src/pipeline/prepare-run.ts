import { RedControlError, type Framework } from '@redcontrol/contract';
import { describeApp, detectFramework, withProcfile, type RepositoryView } from '@redcontrol/presets';
import type { DaemonContext } from '../context.ts';
import { createRunEnvironment, databaseSecrets, dependenciesKey, environmentNeeds, placeCode, type WarmPool } from '../environment/index.ts';
import { prepareMask } from '../logs/index.ts';
import { readSecrets } from '../secrets/index.ts';
import { fetchMirror, repositoryAt } from '../source/index.ts';
import { getRevision, setFramework, setRunStatus, type StoredRun } from '../store/index.ts';
import { runEvent } from './run-event.ts';
import { configOfCommit } from './repository-pipeline.ts';
import type { RunContext } from './run-context.ts';
import type { PlannedStep } from './plan-steps.ts';
import { neededPlaces, runIsolation } from './run-isolation.ts';

/** Reads what a run needs to know: its revision's configuration, the commit, the framework's recipe, the secrets. */
export async function prepareRun(daemon: DaemonContext, run: StoredRun, signal: AbortSignal): Promise<RunContext> {
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
  const repository = repositoryAt(daemon.git, run.project, run.commit, written.root);
  const framework = written.framework ?? (await detect(repository));
  const described = await describeApp(repository, framework);
  const { config, recipe } = isRollback ? { config: written, recipe: described } : withProcfile(written, described);
  daemon.store.transaction(() => setFramework(daemon.store, run.project, framework));
  const target = run.environments[0] === undefined ? undefined : config.environments[run.environments[0]];
  const secrets = readSecrets(daemon, run.project, run.environments);
  const hidden = [...Object.entries(secrets).map(([name, value]) => ({ name, value })), ...databaseSecrets(daemon, run.project, run.environments)];
  return {
    daemon, run, config, recipe, repository, signal, secrets, mask: prepareMask(hidden),
    variables: { ...recipe.variables, ...target?.variables, CI: 'true', REDCONTROL: '1', REDCONTROL_RUN: String(run.id), REDCONTROL_COMMIT: run.commit, REDCONTROL_REF: run.ref },
    isolation: runIsolation(config, run), places: new Map(), imageId: undefined, imageEngine: daemon.engine,
  };
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

async function detect(repository: RepositoryView): Promise<Framework> {
  const { chosen, detections } = await detectFramework(repository);
  if (chosen) return chosen.framework;
  const seen = detections.map((one) => `${one.framework} (${one.reason})`).join('; ') || 'nothing known';
  throw new RedControlError('FRAMEWORK_UNKNOWN', `Expected to recognise the framework, got ${seen}`, { hint: 'Name it: `framework: …` in redcontrol.yml.' });
}
