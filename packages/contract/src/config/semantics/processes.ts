import { showValue, type ConfigProblem } from '../problem.ts';
import type { AppProcess } from '../process.ts';
import type { ProjectConfig } from '../project.ts';
import { parseSizeBytes } from '../units.ts';

/** The engine refuses a container with less (Docker's documented minimum of --memory). */
const smallestMemoryBytes = 6 * 1024 * 1024;

/** Processes that could not be started. */
export function processProblems(config: ProjectConfig): ConfigProblem[] {
  return [
    ...problemsOf(config.processes, ['processes']),
    ...Object.entries(config.apps ?? {}).flatMap(([app, { processes }]) => problemsOf(processes ?? {}, ['apps', app, 'processes'])),
    ...memoryProblem(config.limits.memory, ['limits', 'memory']),
  ];
}

function problemsOf(processes: Record<string, AppProcess>, path: string[]): ConfigProblem[] {
  return Object.entries(processes).flatMap(([name, process]) => {
    const at = [...path, name];
    const problems = memoryProblem(process.memory, [...at, 'memory']);
    if (name !== 'web' && process.run === undefined) {
      problems.push({ path: at, about: 'key', expected: '"run:" with a command', got: `the process ${showValue(name)} without one`, hint: 'Only web can take its command from the framework.' });
    }
    if (process.run !== undefined) problems.push(...commandProblem(process.run, [...at, 'run']));
    return problems;
  });
}

/** Blank text would be a command that does nothing, and nobody would see it. */
export function commandProblem(command: string, path: string[]): ConfigProblem[] {
  return command.trim() === '' || command.includes('\0') ? [{ path, about: 'value', expected: 'a command', got: showValue(command) }] : [];
}

export function memoryProblem(memory: string, path: string[]): ConfigProblem[] {
  if (parseSizeBytes(memory) >= smallestMemoryBytes) return [];
  return [{ path, about: 'value', expected: 'at least 6M of memory', got: showValue(memory) }];
}
