import { matchesPattern, parseDurationMs, RedControlError, stageNames, type Isolation, type ProjectConfig, type Step } from '@redcontrol/contract';
import type { AppRecipe } from '@redcontrol/presets';

/** What a step does: `shell` in the run's environment, `image` builds the app's image, `release` brings it to an environment. */
export type StepKind = 'dependencies' | 'shell' | 'image' | 'release';

export interface PlannedStep {
  index: number;
  name: string;
  kind: StepKind;
  /** Shell text, or for `image` and `release` what is done in words. */
  command: string;
  /** Image as the configuration writes it; undefined: the preset's toolchain. */
  image: string | undefined;
  variables: Record<string, string>;
  /** Names of secrets given to this step. */
  secrets: string[];
  timeoutMs: number;
  /** Indexes of steps that must have passed before. */
  needs: number[];
  allowFailure: boolean;
  /** Target of a `release`. */
  environment: string | undefined;
  /** Where it runs; undefined: where the run does. */
  isolation: Isolation | undefined;
  /** Which of several apps it is of; undefined: the only one, or all of them. */
  app?: string | undefined;
}

export interface StepsInput {
  /** Left out where the repository holds one app. */
  app?: string | undefined;
  config: ProjectConfig;
  recipe: AppRecipe;
  run: { ref: string; refKind: 'branch' | 'tag' | 'commit'; trigger: string; environments: string[] };
  /** Whether the run has a database to migrate. */
  hasDatabase: boolean;
}

const imageTimeoutMs = 30 * 60_000;
const releaseTimeoutMs = 30 * 60_000;

/** The checks of so many apps run side by side. */
const appsAtOnce = 2;

/**
 * The steps of a run, pure: for each app dependencies, the configured stages and steps, and for a run that deploys the image
 * (side by side with the checks); then one release for each environment, of all of them together. Throws CONFIG_INVALID for a
 * need of an unknown step.
 */
export function planSteps(...apps: readonly StepsInput[]): PlannedStep[] {
  const steps: PlannedStep[] = [];
  const checked: number[][] = [];
  for (const input of apps) checked.push(addAppSteps(steps, input, checked.at(-appsAtOnce) ?? []));
  const all = range(0, steps.length);
  for (const environment of apps[0]?.run.environments ?? []) {
    steps.push({ ...plain(`deploy ${environment}`, 'release', `release to ${environment}`), timeoutMs: releaseTimeoutMs, needs: all, environment, index: steps.length });
  }
  return steps;
}

/** Adds the steps of one app, whose checks come `after` others; answers the indexes of its checks. */
function addAppSteps(steps: PlannedStep[], input: StepsInput, after: number[]): number[] {
  const { app } = input;
  const add = (step: Omit<PlannedStep, 'index' | 'app'>) => steps.push({ ...step, name: app === undefined ? step.name : `${app}: ${step.name}`, app, index: steps.length });
  const begin = steps.length;
  const checks = checkSteps(input);
  if (input.recipe.dependencies && checks.length > 0) {
    // What a private registry asks for is asked for here as well.
    add({ ...plain('dependencies', 'dependencies', input.recipe.dependencies.run), secrets: input.config.build.secrets, needs: after });
  }
  const first = steps.length;
  const names = new Map<string, number>();
  for (const check of checks) {
    names.set(check.name, steps.length);
    add({
      ...plain(check.name, 'shell', check.run),
      image: check.image, variables: check.variables, secrets: check.secrets, isolation: check.isolation,
      timeoutMs: parseDurationMs(check.timeout), allowFailure: check.allowFailure,
      needs: check.needs ? [...after, ...range(begin, first), ...check.needs.map((need) => indexOf(names, check.name, need))] : [...after, ...range(begin, steps.length)],
    });
  }
  const checked = range(begin, steps.length);
  if (input.run.environments.length > 0 || input.recipe.framework === 'dockerfile') add({ ...plain('image', 'image', 'build the image'), timeoutMs: imageTimeoutMs, needs: [] });
  return checked;
}

type CheckStep = Omit<Step, 'run'> & { run: string };

/** The configured entries that apply to this run, each with its command. */
function checkSteps({ config, recipe, run, hasDatabase }: StepsInput): CheckStep[] {
  const checks: CheckStep[] = [];
  for (const entry of config.pipeline) {
    const step: Step = typeof entry === 'string' ? stage(entry) : entry;
    if (!applies(step, run)) continue;
    const isStage = (stageNames as readonly string[]).includes(step.name);
    const command = step.run ?? (isStage ? recipe.stages[step.name as (typeof stageNames)[number]] : undefined);
    if (!command) {
      if (isStage) continue;
      throw new RedControlError('CONFIG_INVALID', `Expected a command for step ${step.name}, got none`, { hint: 'Give it `run`, or one of the names build, migrate, test.' });
    }
    if (step.name === 'migrate' && !step.run && !hasDatabase) continue;
    checks.push({ ...step, run: command });
  }
  return checks;
}

function stage(name: string): Step {
  return { name, variables: {}, secrets: [], timeout: '30m', allowFailure: false };
}

function applies(step: Step, run: StepsInput['run']): boolean {
  const { when } = step;
  if (!when) return true;
  if (when.branch && !(run.refKind === 'branch' && list(when.branch).some((pattern) => matchesPattern(pattern, run.ref)))) return false;
  if (when.event && !when.event.includes(run.trigger === 'tag' ? 'tag' : run.trigger === 'manual' ? 'manual' : 'push')) return false;
  if (when.environment && !list(when.environment).some((name) => run.environments.includes(name))) return false;
  return true;
}

function indexOf(names: ReadonlyMap<string, number>, step: string, need: string): number {
  const found = names.get(need);
  if (found !== undefined && need !== step) return found;
  throw new RedControlError('CONFIG_INVALID', `Expected step ${step} to need a step before it, got ${need}`, { hint: `Steps before it: ${[...names.keys()].filter((name) => name !== step).join(', ') || 'none'}.` });
}

function plain(name: string, kind: StepKind, command: string): Omit<PlannedStep, 'index' | 'needs' | 'app'> {
  return { name, kind, command, image: undefined, variables: {}, secrets: [], timeoutMs: imageTimeoutMs, allowFailure: false, environment: undefined, isolation: undefined };
}

function list<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, offset) => from + offset);
}
