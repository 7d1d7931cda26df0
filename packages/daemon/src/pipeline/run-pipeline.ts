import { asRedControlError, formatBytes, parseDurationMs, parseSizeBytes, RedControlError, type FailedTest, type NotificationBody } from '@redcontrol/contract';
import type { DaemonContext } from '../context.ts';
import { environmentNeeds, type WarmPool } from '../environment/index.ts';
import { engineAnswers } from '../engine/index.ts';
import { addSteps, getRun, setRunStatus, type StoredRun } from '../store/index.ts';
import { endInterrupted } from './recover-runs.ts';
import { executeSteps } from './execute-steps.ts';
import { finishRun, type RunEnd } from './finish-run.ts';
import { assertDiskRoom, watchTreeSize } from './limits/index.ts';
import { planRollbackSteps } from './plan-rollback.ts';
import { planSteps, type PlannedStep } from './plan-steps.ts';
import { placeRun, prepareRun, type PreparedRun } from './prepare-run.ts';
import { readFailedTests } from './reports/index.ts';
import { chosenSecrets, type Place, type RunContext } from './run-context.ts';
import { runStep, type StepResult } from './run-step.ts';

export interface PipelineParts {
  warm: WarmPool;
  onLog: (log: NotificationBody<'log'>) => void;
}

/** A run is not begun with less free disk than this. */
const leastFreeBytes = 1024 ** 3;
const diskLookMs = 10_000;
const verdictRetryMs = 2_000;

/**
 * Takes a queued run to its verdict, or back into the queue when the engine was stopped in the middle. Never throws; an
 * abort's reason says whether it was cancelled or superseded.
 */
export async function runPipeline(daemon: DaemonContext, parts: PipelineParts, run: StoredRun, signal: AbortSignal): Promise<void> {
  let contexts: RunContext[] = [];
  let failure: RedControlError | undefined;
  const results: StepResult[] = [];
  let checkedOutAt = daemon.clock.now();
  try {
    await assertDiskRoom(daemon.options.dataDirectory, leastFreeBytes);
    daemon.store.keepReserve();
    const prepared = await prepareRun(daemon, run, signal);
    contexts = prepared.contexts;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    for (const context of contexts) context.signal = either;
    const steps = planRun(run, contexts);
    for (const context of contexts) await placeRun(context, parts.warm, steps.filter(({ app }) => app === context.app));
    checkedOutAt = daemon.clock.now();
    const endLimits = keepLimits(prepared, stop);
    await executeAll({ daemon, run, contexts, steps, signal: either, onLog: parts.onLog }, results).finally(endLimits);
    failure = failureOf(results);
    if (!failure && either.aborted) failure = stop.signal.aborted ? asRedControlError(stop.signal.reason) : new RedControlError('CANCELLED', 'The run was cancelled');
  } catch (thrown) {
    failure = asRedControlError(thrown);
  }
  if (failure?.code === 'ENGINE_UNAVAILABLE' && !signal.aborted && (await engineAnswers(daemon.engine, signal))) {
    await disposePlaces(daemon, run, contexts);
    return endInterrupted(daemon, getRun(daemon.store, run.id)!, 'The engine was stopped here.');
  }
  if (signal.reason !== 'shutdown') {
    const outputs = results.flatMap((result) => (result?.outcome === 'failed' ? [result.tail] : []));
    const failedTests = failure ? await failedTestsOf(contexts, checkedOutAt, outputs) : [];
    await finishWhenPossible(daemon, run, { failure: masked(failure, contexts[0]), failedTests, signal }, () => disposePlaces(daemon, run, contexts));
  }
  await disposePlaces(daemon, run, contexts);
  for (const { config, secrets, places } of contexts) for (const { needs } of places.values()) parts.warm.refill(needs, run.commit, chosenSecrets(secrets, config.build.secrets));
}

function planRun(run: StoredRun, contexts: readonly RunContext[]): PlannedStep[] {
  if (run.rollbackTo !== null) return planRollbackSteps(run);
  return planSteps(...contexts.map(({ app, config, recipe }) => {
    const { services } = environmentNeeds({ config, recipe, environments: run.environments });
    return { app, config, recipe, run, hasDatabase: services.length > 0 };
  }));
}

function placesOf(contexts: readonly RunContext[]): Place[] {
  return contexts.flatMap(({ places }) => [...places.values()]);
}

/** Writes the verdict; on a disk that is so full that not even that goes, what the run itself took is removed first, and then it is tried until there is room. */
async function finishWhenPossible(daemon: DaemonContext, run: StoredRun, end: RunEnd, makeRoom: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return finishRun(daemon, run, end);
    } catch (thrown) {
      const error = asRedControlError(thrown);
      if (error.code !== 'DISK_FULL' || end.signal.reason === 'shutdown') throw error;
      if (tries === 0) daemon.log.error(`the verdict of run ${run.id} could not be stored, it is tried again`, error);
      await makeRoom();
      await daemon.clock.sleep(verdictRetryMs);
    }
  }
}

/** Safe to call twice. */
async function disposePlaces(daemon: DaemonContext, run: StoredRun, contexts: readonly RunContext[]): Promise<void> {
  for (const { environment } of placesOf(contexts)) {
    await environment.dispose().catch((cause: unknown) => daemon.log.error(`environment of run ${run.id} could not be removed`, cause));
  }
}

/** The first that failed; before it one that only says that the engine was stopped, which makes others fail. */
function failureOf(results: readonly (StepResult | undefined)[]): RedControlError | undefined {
  const failed = results.filter((result) => result?.outcome === 'failed');
  return (failed.find((result) => result?.error?.code === 'ENGINE_UNAVAILABLE') ?? failed[0])?.error;
}

async function failedTestsOf(contexts: readonly RunContext[], sinceMs: number, outputs: readonly string[]): Promise<FailedTest[]> {
  if (!contexts[0]) return [];
  const mask = contexts[0].mask.maskText;
  for (const { environment } of placesOf(contexts)) {
    const tree = await environment.reportsDirectory().catch(() => undefined);
    const found = await readFailedTests({ tree, sinceMs, outputs: [], mask });
    if (found.length > 0) return found;
  }
  return readFailedTests({ tree: undefined, sinceMs, outputs, mask });
}

interface Execution {
  daemon: DaemonContext;
  run: StoredRun;
  contexts: readonly RunContext[];
  steps: readonly PlannedStep[];
  signal: AbortSignal;
  onLog: PipelineParts['onLog'];
}

async function executeAll({ daemon, run, contexts, steps, signal: whole, onLog }: Execution, results: StepResult[]): Promise<void> {
  daemon.store.transition('run.running', () => {
    setRunStatus(daemon.store, run.id, 'running', daemon.clock.now());
    addSteps(daemon.store, run.id, steps);
  });
  await executeSteps(
    steps,
    async (step, signal) => {
      if (step.kind === 'release') daemon.store.transition('run.releasing', () => setRunStatus(daemon.store, run.id, 'releasing', daemon.clock.now()));
      const context = contexts.find(({ app }) => app === step.app) ?? contexts[0]!;
      const result = await runStep(context, step, { contexts, signal, onGrow: (totalBytes, closed) => onLog({ run: run.id, step: step.index, totalBytes, closed }) });
      results[step.index] = result;
      return result.outcome;
    },
    whole,
  );
}

/** Stops the run when it takes more time or disk than it may; answers how to end the watch. */
function keepLimits({ config: { limits }, contexts }: PreparedRun, stop: AbortController): () => void {
  const ended = new AbortController();
  const timer = setTimeout(() => stop.abort(new RedControlError('STEP_TIMEOUT', `Expected the run to end within ${limits.time}, it did not`, { hint: 'Raise `limits.time`.' })), parseDurationMs(limits.time));
  const maxBytes = parseSizeBytes(limits.disk);
  for (const { places } of contexts) {
    const place = places.get('container');
    if (!place) continue;
    void watchTreeSize({ directory: place.environment.treeDirectory, maxBytes, intervalMs: diskLookMs, signal: ended.signal }).then((end) => {
      if (end === 'over') stop.abort(new RedControlError('LIMIT_REACHED', `Expected the working tree to stay below ${formatBytes(maxBytes)}, it grew beyond it`, { hint: 'Raise `limits.disk`, or find what writes so much.' }));
    });
  }
  return () => {
    clearTimeout(timer);
    ended.abort();
  };
}

/** An error may hold the app's last lines: what is stored and sent of it hides the secrets. */
function masked(error: RedControlError | undefined, context: RunContext | undefined): RedControlError | undefined {
  if (!error || !context) return error;
  return new RedControlError(error.code, context.mask.maskText(error.message), { hint: error.hint, cause: error });
}
