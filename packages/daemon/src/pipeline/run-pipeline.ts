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
import { placeRun, prepareRun } from './prepare-run.ts';
import { readFailedTests } from './reports/index.ts';
import type { RunContext } from './run-context.ts';
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
  let context: RunContext | undefined;
  let failure: RedControlError | undefined;
  const results: StepResult[] = [];
  let checkedOutAt = daemon.clock.now();
  try {
    await assertDiskRoom(daemon.options.dataDirectory, leastFreeBytes);
    daemon.store.keepReserve();
    context = await prepareRun(daemon, run, signal);
    const stop = new AbortController();
    context.signal = AbortSignal.any([signal, stop.signal]);
    const { services } = environmentNeeds({ config: context.config, recipe: context.recipe, environments: run.environments });
    const steps = run.rollbackTo === null ? planSteps({ config: context.config, recipe: context.recipe, run, hasDatabase: services.length > 0 }) : planRollbackSteps(run);
    await placeRun(context, parts.warm, steps);
    checkedOutAt = daemon.clock.now();
    const endLimits = keepLimits(context, stop);
    await executeAll(context, parts, steps, results).finally(endLimits);
    failure = failureOf(results);
    if (!failure && context.signal.aborted) failure = stop.signal.aborted ? asRedControlError(stop.signal.reason) : new RedControlError('CANCELLED', 'The run was cancelled');
  } catch (thrown) {
    failure = asRedControlError(thrown);
  }
  if (failure?.code === 'ENGINE_UNAVAILABLE' && !signal.aborted && (await engineAnswers(daemon.engine, signal))) {
    await disposePlaces(daemon, run, context);
    return endInterrupted(daemon, getRun(daemon.store, run.id)!, 'The engine was stopped here.');
  }
  if (signal.reason !== 'shutdown') {
    const outputs = results.flatMap((result) => (result?.outcome === 'failed' ? [result.tail] : []));
    const failedTests = failure && context ? await failedTestsOf(context, checkedOutAt, outputs) : [];
    await finishWhenPossible(daemon, run, { failure: masked(failure, context), failedTests, signal }, () => disposePlaces(daemon, run, context));
  }
  await disposePlaces(daemon, run, context);
  for (const { needs } of context?.places.values() ?? []) parts.warm.refill(needs, run.commit);
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
async function disposePlaces(daemon: DaemonContext, run: StoredRun, context: RunContext | undefined): Promise<void> {
  for (const { environment } of context?.places.values() ?? []) {
    await environment.dispose().catch((cause: unknown) => daemon.log.error(`environment of run ${run.id} could not be removed`, cause));
  }
}

/** The first that failed; before it one that only says that the engine was stopped, which makes others fail. */
function failureOf(results: readonly (StepResult | undefined)[]): RedControlError | undefined {
  const failed = results.filter((result) => result?.outcome === 'failed');
  return (failed.find((result) => result?.error?.code === 'ENGINE_UNAVAILABLE') ?? failed[0])?.error;
}

async function failedTestsOf(context: RunContext, sinceMs: number, outputs: readonly string[]): Promise<FailedTest[]> {
  const mask = context.mask.maskText;
  for (const { environment } of context.places.values()) {
    const tree = await environment.reportsDirectory().catch(() => undefined);
    const found = await readFailedTests({ tree, sinceMs, outputs: [], mask });
    if (found.length > 0) return found;
  }
  return readFailedTests({ tree: undefined, sinceMs, outputs, mask });
}

async function executeAll(context: RunContext, parts: PipelineParts, steps: readonly PlannedStep[], results: StepResult[]): Promise<void> {
  const { daemon, run } = context;
  daemon.store.transition('run.running', () => {
    setRunStatus(daemon.store, run.id, 'running', daemon.clock.now());
    addSteps(daemon.store, run.id, steps);
  });
  await executeSteps(
    steps,
    async (step, signal) => {
      if (step.kind === 'release') daemon.store.transition('run.releasing', () => setRunStatus(daemon.store, run.id, 'releasing', daemon.clock.now()));
      const result = await runStep(context, step, { signal, onGrow: (totalBytes, closed) => parts.onLog({ run: run.id, step: step.index, totalBytes, closed }) });
      results[step.index] = result;
      return result.outcome;
    },
    context.signal,
  );
}

/** Stops the run when it takes more time or disk than it may; answers how to end the watch. */
function keepLimits(context: RunContext, stop: AbortController): () => void {
  const { limits } = context.config;
  const ended = new AbortController();
  const timer = setTimeout(() => stop.abort(new RedControlError('STEP_TIMEOUT', `Expected the run to end within ${limits.time}, it did not`, { hint: 'Raise `limits.time`.' })), parseDurationMs(limits.time));
  const maxBytes = parseSizeBytes(limits.disk);
  const place = context.places.get('container');
  if (place) {
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
