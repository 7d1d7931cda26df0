import { stageNames, type PipelineEntry, type Step } from '../pipeline.ts';
import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';

/** What is wrong between the steps of a pipeline, of the project's and of each app's. */
export function pipelineProblems(config: ProjectConfig): ConfigProblem[] {
  const environments = Object.keys(config.environments);
  return [
    ...stepProblems(config.pipeline, ['pipeline'], environments),
    ...Object.entries(config.apps ?? {}).flatMap(([app, { pipeline }]) => stepProblems(pipeline ?? [], ['apps', app, 'pipeline'], environments)),
  ];
}

function stepProblems(entries: readonly PipelineEntry[], path: (string | number)[], environments: readonly string[]): ConfigProblem[] {
  const names = entries.map(nameOf);
  const problems: ConfigProblem[] = [];
  entries.forEach((entry, index) => {
    const name = nameOf(entry);
    const at = [...path, index, ...(typeof entry === 'string' ? [] : ['name'])];
    if (names.indexOf(name) !== index) problems.push({ path: at, about: 'value', expected: 'each step\'s name once', got: `${showValue(name)} again` });
    if (typeof entry !== 'string') problems.push(...writtenStepProblems(entry, [...path, index], { names, environments }));
  });
  return problems.length > 0 ? problems : cycleProblems(entries, path);
}

function writtenStepProblems(step: Step, path: (string | number)[], known: { names: readonly string[]; environments: readonly string[] }): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (step.run === undefined && !(stageNames as readonly string[]).includes(step.name)) {
    problems.push({ path: [...path, 'name'], about: 'value', expected: `"run:" with a command, or one of the stages ${stageNames.join(', ')}`, got: `the step ${showValue(step.name)} without a command`, misspelled: { word: step.name, candidates: stageNames } });
  }
  step.needs?.forEach((needed, index) => {
    const at = [...path, 'needs', index];
    if (needed === step.name) problems.push({ path: at, about: 'value', expected: 'another step', got: 'the step itself' });
    else if (!known.names.includes(needed)) problems.push({ path: at, about: 'value', expected: `one of the steps ${known.names.filter((name) => name !== step.name).join(', ')}`, got: showValue(needed), misspelled: { word: needed, candidates: known.names } });
  });
  const { environment } = step.when ?? {};
  const wanted = environment === undefined ? [] : typeof environment === 'string' ? [environment] : environment;
  wanted.forEach((name, index) => {
    if (known.environments.includes(name)) return;
    const at = [...path, 'when', 'environment', ...(typeof environment === 'string' ? [] : [index])];
    problems.push({ path: at, about: 'value', expected: `one of the environments ${known.environments.join(', ')}`, got: showValue(name), misspelled: { word: name, candidates: known.environments } });
  });
  return problems;
}

/** Steps that wait for each other. A step without `needs` waits for all before it. */
function cycleProblems(entries: readonly PipelineEntry[], path: (string | number)[]): ConfigProblem[] {
  const names = entries.map(nameOf);
  const needs = new Map(entries.map((entry, index) => [nameOf(entry), (typeof entry === 'string' ? undefined : entry.needs) ?? names.slice(0, index)]));
  for (const [index, name] of names.entries()) {
    const circle = circleFrom(name, needs);
    if (circle) return [{ path: [...path, index], about: 'value', expected: 'steps that do not wait for each other', got: circle.join(' → '), hint: 'A step without "needs" waits for all steps before it.' }];
  }
  return [];
}

/** The shortest way from a step back to itself, found by breadth; undefined when there is none. */
function circleFrom(start: string, needs: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const seen = new Set<string>();
  let ways: string[][] = [[start]];
  while (ways.length > 0) {
    const next: string[][] = [];
    for (const way of ways) {
      for (const needed of needs.get(way.at(-1) ?? start) ?? []) {
        if (needed === start) return [...way, start];
        if (seen.has(needed)) continue;
        seen.add(needed);
        next.push([...way, needed]);
      }
    }
    ways = next;
  }
  return undefined;
}

function nameOf(entry: PipelineEntry): string {
  return typeof entry === 'string' ? entry : entry.name;
}
