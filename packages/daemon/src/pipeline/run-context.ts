import { join } from 'node:path';
import type { ProjectConfig } from '@redcontrol/contract';
import type { AppRecipe, RepositoryView } from '@redcontrol/presets';
import type { DaemonContext } from '../context.ts';
import type { RunEnvironment } from '../environment/index.ts';
import type { PreparedMask } from '../logs/index.ts';
import type { StoredRun } from '../store/index.ts';
import type { PlannedStep } from './plan-steps.ts';

/** Everything that the steps of one run share. */
export interface RunContext {
  daemon: DaemonContext;
  run: StoredRun;
  config: ProjectConfig;
  recipe: AppRecipe;
  repository: RepositoryView;
  /** Secrets of the environments that the run deploys to: masked in every log, given only where a step asks. */
  secrets: Record<string, string>;
  /** Hides the secrets and the databases' passwords in logs, errors and reports. */
  mask: PreparedMask;
  /** Variables of every step. */
  variables: Record<string, string>;
  signal: AbortSignal;
  /** Set when the checks' place is made; a run that only releases has none. */
  environment: RunEnvironment | undefined;
  dependenciesReady: boolean;
  /** Set by the image step, read by the releases. */
  imageId: string | undefined;
}

export function logDirectory(daemon: DaemonContext, runId: number): string {
  return join(daemon.options.dataDirectory, 'logs', String(runId));
}

export function stepLogPath(daemon: DaemonContext, runId: number, step: Pick<PlannedStep, 'index'>): string {
  return join(logDirectory(daemon, runId), `${step.index}.log`);
}
