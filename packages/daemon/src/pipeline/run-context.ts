import { join } from 'node:path';
import type { Isolation, ProjectConfig } from '@redcontrol/contract';
import type { AppRecipe, RepositoryView } from '@redcontrol/presets';
import type { DaemonContext } from '../context.ts';
import type { EnvironmentNeeds, RunEnvironment } from '../environment/index.ts';
import type { Engine } from '../engine/index.ts';
import type { PreparedMask } from '../logs/index.ts';
import type { StoredRun } from '../store/index.ts';
import type { PlannedStep } from './plan-steps.ts';
import type { RunIsolation } from './run-isolation.ts';

/** Everything that the steps of one run share, or those of one app of it. */
export interface RunContext {
  daemon: DaemonContext;
  run: StoredRun;
  /** Which of several apps it is of. */
  app: string | undefined;
  /** The configuration as that app sees it. */
  config: ProjectConfig;
  /** The whole of it. */
  project: ProjectConfig;
  recipe: AppRecipe;
  repository: RepositoryView;
  /** Secrets of the environments that the run deploys to: masked in every log, given only where a step asks. */
  secrets: Record<string, string>;
  /** Hides the secrets and the databases' passwords in logs, errors and reports. */
  mask: PreparedMask;
  /** Variables of every step. */
  variables: Record<string, string>;
  signal: AbortSignal;
  isolation: RunIsolation;
  /** Filled when the places of the checks are made; a run that only releases has none. */
  places: Map<Isolation, Place>;
  /** Set by the image step, read by the releases. */
  imageId: string | undefined;
  /** Engine on which that image is. */
  imageEngine: Engine;
}

/** Where steps run: steps of one kind share a tree, those of another have their own. */
export interface Place {
  environment: RunEnvironment;
  needs: EnvironmentNeeds;
  dependenciesReady: boolean;
}

/** The values of those names that have one. */
export function chosenSecrets(secrets: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (secrets[name] === undefined ? [] : [[name, secrets[name]]])));
}

export function logDirectory(daemon: DaemonContext, runId: number): string {
  return join(daemon.options.dataDirectory, 'logs', String(runId));
}

export function stepLogPath(daemon: DaemonContext, runId: number, step: Pick<PlannedStep, 'index'>): string {
  return join(logDirectory(daemon, runId), `${step.index}.log`);
}
