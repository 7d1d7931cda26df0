import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { appConfigs, asRedControlError, errorCodes, formatDurationMs, RedControlError, type AppConfig, type ProjectConfig } from '@redcontrol/contract';
import { describeApp, detectFramework } from '@redcontrol/presets';
import { runOrThrow, systemClock } from '@redcontrol/system';
import type { WorkContext } from '../context.ts';
import { openEngine } from '../engine/index.ts';
import { createRunEnvironment, environmentNeeds, placeCode, runShell, type RunEnvironment } from '../environment/index.ts';
import { createImages } from '../images/index.ts';
import { optionsFromEnvironment } from '../options-from-environment.ts';
import { executeSteps } from '../pipeline/execute-steps.ts';
import { planSteps, type PlannedStep } from '../pipeline/plan-steps.ts';
import { readConfig } from '../projects/read-config.ts';
import { createGit, fetchMirror, repositoryAt } from '../source/index.ts';

/**
 * The pipeline's checks on this machine, in the same images and with the same commands as on the server, for the
 * commit that is checked out. `args`: the folder of the repository (left out: this one). Deploys nothing.
 */
export async function runLocal(args: readonly string[]): Promise<void> {
  const directory = resolve(args[0] ?? '.');
  const work = await mkdtemp(join(tmpdir(), 'redcontrol-local-'));
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new RedControlError('CANCELLED', 'Interrupted')));
  process.once('SIGTERM', () => stop.abort(new RedControlError('CANCELLED', 'Terminated')));
  try {
    await run(directory, localContext(work), stop.signal);
  } catch (thrown) {
    const error = asRedControlError(thrown);
    process.stderr.write(`error ${error.code}: ${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ''}`);
    process.exitCode = errorCodes[error.code];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function localContext(work: string): WorkContext {
  const options = { ...optionsFromEnvironment(), dataDirectory: work, instance: `local-${process.pid}` };
  const engine = openEngine({ socketPath: options.engineSocket, instance: options.instance });
  return {
    options, engine, clock: systemClock,
    images: (source, mirror) => createImages(engine, { source, ...(mirror === undefined ? {} : { mirror }), workDirectory: join(work, 'images') }),
    git: createGit({ directory: join(work, 'repositories'), keyDirectory: join(work, 'ssh') }),
    log: { info: () => {}, error: (text) => void process.stderr.write(`${text}\n`) },
  };
}

async function run(directory: string, context: WorkContext, signal: AbortSignal): Promise<void> {
  const config = readConfig(await readFile(join(directory, 'redcontrol.yml'), 'utf8'));
  const git = async (...words: string[]) => (await runOrThrow('git', ['-C', directory, ...words])).stdout.trim();
  const commit = await git('rev-parse', 'HEAD');
  const branch = await git('rev-parse', '--abbrev-ref', 'HEAD');
  if (await git('status', '--porcelain')) process.stdout.write('Changes that are not committed are not part of this run.\n');
  await fetchMirror(context.git, { project: config.project, url: `file://${await git('rev-parse', '--absolute-git-dir')}`, wanted: commit, signal });

  const passed: number[] = [];
  for (const one of appConfigs(config)) passed.push(await runApp(context, one, { commit, branch, signal }));
  process.stdout.write(`\n${passed.reduce((sum, count) => sum + count, 0)} steps passed\n`);
}

/** The checks of one app, or of the only one; answers how many passed. */
async function runApp(context: WorkContext, { app, config }: AppConfig, { commit, branch, signal }: { commit: string; branch: string; signal: AbortSignal }): Promise<number> {
  const repository = repositoryAt(context.git, config.project, commit, config.root);
  const framework = config.framework ?? (await detectFramework(repository)).chosen?.framework;
  if (!framework) throw new RedControlError('FRAMEWORK_UNKNOWN', `Expected to recognise the framework${app === undefined ? '' : ` of ${app}`}, it is not clear`, { hint: 'Name it: `framework: …` in redcontrol.yml.' });
  const recipe = await describeApp(repository, framework);
  const needs = environmentNeeds({ config, recipe, environments: [] });
  const steps = planSteps({ app, config, recipe, run: { ref: branch, refKind: 'branch', trigger: 'manual', environments: [] }, hasDatabase: needs.services.length > 0 }).filter((step) => step.kind !== 'image');
  const environment = await createRunEnvironment(context, needs, { onOutput: (text) => void process.stdout.write(text), signal });
  try {
    await placeCode(context, environment, { project: config.project, commit, dependencies: undefined, signal });
    const variables = { ...recipe.variables, CI: 'true', REDCONTROL: '1', REDCONTROL_COMMIT: commit, REDCONTROL_REF: branch, ...(app === undefined ? {} : { REDCONTROL_APP: app }) };
    const outcomes = await executeSteps(steps, (step, stepSignal) => runStep(context, environment, config, { step, variables, signal: stepSignal }), signal);
    if (signal.aborted) throw asRedControlError(signal.reason);
    const failed = steps.filter((_, index) => outcomes[index] === 'failed');
    if (failed.length > 0) throw new RedControlError('STEP_FAILED', `Expected every step to pass, ${failed.map((step) => step.name).join(', ')} did not`);
    return steps.length;
  } finally {
    await environment.dispose();
  }
}

async function runStep(context: WorkContext, environment: RunEnvironment, config: ProjectConfig, options: { step: PlannedStep; variables: Record<string, string>; signal: AbortSignal }) {
  const { step, signal } = options;
  const startedAt = Date.now();
  process.stdout.write(`\n== ${step.name}: ${step.command}\n`);
  const imageReference = step.image === undefined ? undefined : await context.images(config.images.source, config.images.mirror).forImageText(step.image);
  const { exitCode, outcome } = await runShell(environment, step.command, {
    variables: { ...options.variables, ...environment.variables, ...step.variables }, timeoutMs: step.timeoutMs, signal,
    onOutput: (chunk) => void process.stdout.write(chunk),
    ...(imageReference ? { imageReference } : {}),
  });
  const passed = outcome === 'exited' && exitCode === 0;
  const word = passed ? 'passed' : outcome === 'exited' ? `exit code ${exitCode}` : outcome;
  process.stdout.write(`== ${step.name}: ${word} after ${formatDurationMs(Date.now() - startedAt)}\n`);
  if (passed) return 'passed' as const;
  if (outcome === 'cancelled') return 'cancelled' as const;
  return step.allowFailure ? ('allowed-failure' as const) : ('failed' as const);
}
