import { setTimeout as delay } from 'node:timers/promises';
import { asRedControlError, RedControlError } from '@redcontrol/contract';
import { runShell, type RunEnvironment } from '../environment/index.ts';
import { deploy } from '../release/index.ts';
import { endStep, startStep } from '../store/index.ts';
import { buildAppImage } from './build-app-image.ts';
import type { StepOutcome } from './execute-steps.ts';
import type { PlannedStep } from './plan-steps.ts';
import { chosenSecrets, type Place, type RunContext } from './run-context.ts';
import { stepIsolation } from './run-isolation.ts';
import { openStepLog, type StepLog } from './step-log.ts';

export interface StepResult {
  outcome: StepOutcome;
  error: RedControlError | undefined;
  /** End of the step's output, to find failed tests in. */
  tail: string;
}

/** Runs one step with its log and its two transitions. Never throws: what went wrong is in the result and the log. */
export async function runStep(context: RunContext, step: PlannedStep, options: StepOptions): Promise<StepResult> {
  try {
    return await recordedStep(context, step, options);
  } catch (thrown) {
    // Its log or its state could not be written.
    return { outcome: options.signal.aborted ? 'cancelled' : 'failed', error: asRedControlError(thrown), tail: '' };
  }
}

interface StepOptions {
  /** Those of all apps that the run concerns: a release is made of all. */
  contexts: readonly RunContext[];
  signal: AbortSignal;
  onGrow: (totalBytes: number, closed: boolean) => void;
}

async function recordedStep(context: RunContext, step: PlannedStep, options: StepOptions): Promise<StepResult> {
  const { daemon, run } = context;
  const event = { project: run.project, environment: step.environment ?? null, runId: run.id };
  daemon.store.transition('step.started', () => {
    startStep(daemon.store, run.id, step.index, daemon.clock.now());
    daemon.events.add({ ...event, at: daemon.clock.now(), kind: 'step.started', text: `${step.name} started`, data: { step: step.index, name: step.name } });
  });
  daemon.events.flush();
  const log = await openStepLog(context, step, (bytes) => options.onGrow(bytes, false));

  const { exitCode, error } = await attempt(context, step, log, options);
  const outcome = outcomeOf(step, error, options.signal);
  // A log that cannot be written is told by the run's own error.
  if (error) await log.say(`error ${error.code}: ${error.message}${error.hint ? `\nhint: ${error.hint}` : ''}`).catch(() => {});
  const tail = log.tail();
  const { bytes, sha256 } = await log.close();

  daemon.store.transition('step.finished', () => {
    endStep(daemon.store, run.id, step.index, { status: outcome === 'skipped' ? 'cancelled' : outcome, exitCode, logBytes: bytes, logSha256: sha256, at: daemon.clock.now() });
    daemon.events.add({ ...event, at: daemon.clock.now(), kind: 'step.finished', text: `${step.name} ${outcome}`, data: { step: step.index, name: step.name, status: outcome, exitCode } });
  });
  daemon.events.flush();
  options.onGrow(bytes, true);
  return { outcome, error, tail };
}

function outcomeOf(step: PlannedStep, error: RedControlError | undefined, signal: AbortSignal): StepOutcome {
  if (!error) return 'passed';
  // Nothing of the step's own doing.
  if (error.code === 'ENGINE_UNAVAILABLE') return 'failed';
  if (signal.aborted || error.code === 'CANCELLED') return 'cancelled';
  return step.allowFailure ? 'allowed-failure' : 'failed';
}

async function attempt(context: RunContext, step: PlannedStep, log: StepLog, { contexts, signal }: StepOptions): Promise<{ exitCode: number | null; error: RedControlError | undefined }> {
  try {
    return { exitCode: await perform(contexts, { context, step, log, signal }), error: undefined };
  } catch (thrown) {
    const error = asRedControlError(thrown);
    const exitCode = (error.cause as { exitCode?: number } | undefined)?.exitCode ?? null;
    return { exitCode, error: signal.aborted ? new RedControlError('CANCELLED', `${step.name} was cancelled`, { cause: error }) : error };
  }
}

async function perform(contexts: readonly RunContext[], { context, step, log, signal }: { context: RunContext; step: PlannedStep; log: StepLog; signal: AbortSignal }): Promise<number> {
  switch (step.kind) {
    case 'dependencies':
      for (const place of context.places.values()) {
        if (place.dependenciesReady) await log.say('Dependencies are as in the environment that was made ready: nothing to install.');
        else await shell(context, { step, place }, log, signal);
      }
      return 0;
    case 'shell':
      return shell(context, { step, place: placeOf(context, step) }, log, signal);
    case 'image':
      context.imageId = await buildAppImage(context, step, log, signal);
      await log.say(`Image ${context.imageId}`);
      return 0;
    case 'release':
      await deploy(contexts, { environment: step.environment!, say: (text) => void log.say(text), output: (chunk) => log.write(chunk), signal });
      return 0;
  }
}

function placeOf(context: RunContext, step: PlannedStep): Place {
  const place = context.places.get(stepIsolation(context.isolation, step));
  if (!place) throw new RedControlError('INTERNAL', `Expected an environment for step ${step.name}, there is none`);
  return place;
}

async function shell(context: RunContext, { step, place }: { step: PlannedStep; place: Place }, log: StepLog, signal: AbortSignal): Promise<number> {
  const { daemon, config } = context;
  const { environment } = place;
  const images = daemon.images(config.images.source, config.images.mirror);
  const imageReference = step.image === undefined ? undefined : await images.forImageText(step.image);
  const secrets = chosenSecrets(context.secrets, step.secrets);
  const { exitCode, outcome } = await runShell(environment, step.command, {
    variables: { ...context.variables, ...environment.variables, ...step.variables, ...secrets },
    onOutput: (chunk) => log.write(chunk),
    timeoutMs: step.timeoutMs,
    signal,
    ...(imageReference ? { imageReference } : {}),
  });
  if (outcome === 'timeout') throw new RedControlError('STEP_TIMEOUT', `Expected ${step.name} to end within ${step.timeoutMs / 1000} s, it did not; it was stopped with all it had started`, { hint: 'Give the step a longer `timeout`, or find what hangs in its log.' });
  if (outcome === 'cancelled') throw new RedControlError('CANCELLED', `${step.name} was cancelled`);
  if (exitCode !== 0 && !(await standsAfter(environment, exitCode))) throw new RedControlError('ENGINE_UNAVAILABLE', `Expected the containers of the run to stay up while ${step.name} ran, they were stopped from outside`);
  if (exitCode !== 0) throw new RedControlError('STEP_FAILED', `Expected ${step.name} to end with exit code 0, got ${exitCode}`, { cause: { exitCode } });
  return exitCode;
}

/** An engine that is stopped ends a step with its container, and says so of the step a moment before. */
const killedCodes = [137, 143];
const momentMs = 1_000;

async function standsAfter(environment: RunEnvironment, exitCode: number): Promise<boolean> {
  if (!(await environment.stands())) return false;
  if (!killedCodes.includes(exitCode)) return true;
  await delay(momentMs);
  return environment.stands();
}
