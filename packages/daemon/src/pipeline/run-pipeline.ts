import { asRedControlError, parseDurationMs, RedControlError, type FailedTest, type RunVerdict } from '@redcontrol/contract';
import { describeApp, detectFramework } from '@redcontrol/presets';
import type { DaemonContext } from '../context.ts';
import { createRunEnvironment, dependenciesKey, environmentNeeds, placeCode, type EnvironmentNeeds, type WarmPool } from '../environment/index.ts';
import { readSecrets } from '../secrets/index.ts';
import { fetchMirror, repositoryAt } from '../source/index.ts';
import { addSteps, endRun, getRevision, previousVerdict, setFramework, setRunStatus, skipPendingSteps, type StoredRun } from '../store/index.ts';
import { planRollbackSteps } from './plan-rollback.ts';
import { executeSteps } from './execute-steps.ts';
import { findFailedTests } from './find-failed-tests.ts';
import { planSteps, type PlannedStep } from './plan-steps.ts';
import type { RunContext } from './run-context.ts';
import { runStep, type StepResult } from './run-step.ts';

export interface PipelineParts {
  warm: WarmPool;
  onLog: (log: { run: number; step: number; totalBytes: number; closed: boolean }) => void;
}

/** Takes a queued run to its verdict. Never throws; an abort's reason says whether it was cancelled or superseded. */
export async function runPipeline(daemon: DaemonContext, parts: PipelineParts, run: StoredRun, signal: AbortSignal): Promise<void> {
  let context: RunContext | undefined;
  let needs: EnvironmentNeeds | undefined;
  const results: StepResult[] = [];
  let failure: RedControlError | undefined;
  const startedAt = daemon.clock.now();
  try {
    context = await prepareContext(daemon, run, signal);
    const limit = AbortSignal.timeout(parseDurationMs(context.config.limits.time));
    context.signal = AbortSignal.any([signal, limit]);
    needs = environmentNeeds({ config: context.config, recipe: context.recipe, environments: run.environments });
    const steps = run.rollbackTo === null ? planSteps({ config: context.config, recipe: context.recipe, run, hasDatabase: needs.services.length > 0 }) : planRollbackSteps(run);
    await placeRun(context, parts, needs, steps);
    begin(daemon, run, steps);
    await executeSteps(
      steps,
      async (step, stepSignal) => {
        if (step.kind === 'release') markReleasing(daemon, run);
        const result = await runStep(context!, step, { signal: stepSignal, onGrow: (totalBytes, closed) => parts.onLog({ run: run.id, step: step.index, totalBytes, closed }) });
        results[step.index] = result;
        return result.outcome;
      },
      context.signal,
    );
    failure = results.find((result) => result?.outcome === 'failed')?.error;
    if (!failure && context.signal.aborted) {
      failure = limit.aborted && !signal.aborted
        ? new RedControlError('STEP_TIMEOUT', `Expected the run to end within ${context.config.limits.time}, it did not`, { hint: 'Raise `limits.time`.' })
        : new RedControlError('CANCELLED', 'The run was cancelled');
    }
  } catch (thrown) {
    failure = asRedControlError(thrown);
  }
  if (signal.reason === 'shutdown') return;
  const failedTests = failure && context?.environment ? await findFailedTests(context.environment.treeDirectory, startedAt, results) : [];
  finish(daemon, run, { failure, failedTests, signal });
  await context?.environment?.dispose().catch((cause: unknown) => daemon.log.error(`environment of run ${run.id} could not be removed`, cause));
  if (context && needs && run.rollbackTo === null) parts.warm.refill(needs, run.commit);
}

async function prepareContext(daemon: DaemonContext, run: StoredRun, signal: AbortSignal): Promise<RunContext> {
  daemon.store.transition('run.preparing', () => {
    setRunStatus(daemon.store, run.id, 'preparing', daemon.clock.now());
    daemon.events.add(runEvent(daemon, run, 'run.started', 'started'));
  });
  daemon.events.flush();
  const revision = getRevision(daemon.store, run.project, run.revision);
  if (!revision) throw new RedControlError('NOT_FOUND', `Expected revision ${run.revision} of ${run.project}, it is gone`);
  const { config } = revision;
  await fetchMirror(daemon.git, { project: run.project, url: config.repository, wanted: run.commit, signal });
  const repository = repositoryAt(daemon.git, run.project, run.commit, config.root);
  const framework = config.framework ?? (await detected(repository));
  const recipe = await describeApp(repository, framework);
  daemon.store.transaction(() => setFramework(daemon.store, run.project, framework));
  const target = run.environments[0] === undefined ? undefined : config.environments[run.environments[0]];
  return {
    daemon, run, config, recipe, repository, signal,
    secrets: readSecrets(daemon, run.project, run.environments),
    variables: { ...recipe.variables, ...target?.variables, CI: 'true', REDCONTROL: '1', REDCONTROL_RUN: String(run.id), REDCONTROL_COMMIT: run.commit, REDCONTROL_REF: run.ref },
    environment: undefined, dependenciesReady: false, imageId: undefined,
  };
}

async function detected(repository: RunContext['repository']) {
  const { chosen, detections } = await detectFramework(repository);
  if (chosen) return chosen.framework;
  throw new RedControlError('FRAMEWORK_UNKNOWN', `Expected to recognise the framework, got ${detections.map((one) => `${one.framework} (${one.reason})`).join('; ') || 'nothing known'}`, { hint: 'Name it: `framework: …` in redcontrol.yml.' });
}

/** Takes the environment that stands ready, or makes one, and brings the commit into it. */
async function placeRun(context: RunContext, parts: PipelineParts, needs: EnvironmentNeeds, steps: readonly PlannedStep[]): Promise<void> {
  const { daemon, run, signal } = context;
  if (!steps.some((step) => step.kind === 'shell' || step.kind === 'dependencies')) return;
  context.environment = parts.warm.take(needs) ?? (await createRunEnvironment(daemon, needs, { onOutput: () => {}, signal }));
  const dependencies = await dependenciesKey(context.recipe, context.repository);
  const placed = await placeCode(daemon, context.environment, { project: run.project, commit: run.commit, dependencies, signal });
  context.dependenciesReady = placed.dependenciesReady;
}

function begin(daemon: DaemonContext, run: StoredRun, steps: readonly PlannedStep[]): void {
  daemon.store.transition('run.running', () => {
    setRunStatus(daemon.store, run.id, 'running', daemon.clock.now());
    addSteps(daemon.store, run.id, steps);
  });
}

function markReleasing(daemon: DaemonContext, run: StoredRun): void {
  daemon.store.transition('run.releasing', () => setRunStatus(daemon.store, run.id, 'releasing', daemon.clock.now()));
}

function finish(daemon: DaemonContext, run: StoredRun, end: { failure: RedControlError | undefined; failedTests: FailedTest[]; signal: AbortSignal }): void {
  const { failure, failedTests, signal } = end;
  const verdict: RunVerdict = !failure ? 'succeeded' : verdictOf(failure, signal);
  daemon.store.transition('run.ended', () => {
    skipPendingSteps(daemon.store, run.id);
    if (!endRun(daemon.store, run.id, { verdict, failedTests, at: daemon.clock.now(), ...(failure ? { error: failure.toJSON() } : {}) })) return;
    const recovered = verdict === 'succeeded' && previousVerdict(daemon.store, run) === 'failed';
    const kind = recovered ? 'run.recovered' : (`run.${verdict}` as const);
    const data = { error: failure?.toJSON() ?? null, failedTests: failedTests.map((test) => test.name) };
    daemon.events.add({ ...runEvent(daemon, run, kind, failure ? `${verdict}: ${failure.message}` : verdict), data: { ...runEvent(daemon, run, kind, '').data, ...data } });
  });
  daemon.events.flush();
  daemon.log.info(`run ${run.id} of ${run.project} (${run.ref} ${run.commit.slice(0, 8)}): ${verdict}${failure ? ` ${failure.code}: ${failure.message}` : ''}`);
}

function verdictOf(failure: RedControlError, signal: AbortSignal): RunVerdict {
  if (failure.code === 'RELEASE_SUPERSEDED' || (signal.aborted && signal.reason === 'superseded')) return 'superseded';
  return signal.aborted ? 'cancelled' : 'failed';
}

function runEvent(daemon: DaemonContext, run: StoredRun, kind: Parameters<DaemonContext['events']['add']>[0]['kind'], text: string) {
  return {
    at: daemon.clock.now(), kind, project: run.project, environment: null, runId: run.id, text: `run ${run.id} (${run.ref}) ${text}`,
    data: { ref: run.ref, commit: run.commit, message: run.message, author: run.author, authorEmail: run.authorEmail, environments: run.environments, trigger: run.trigger },
  };
}
