import type { ConfigVerdict } from './check-config.ts';
import { pipeline, type PipelineEntry } from './pipeline.ts';
import { showValue, type ConfigProblem } from './problem.ts';
import type { ProjectConfig } from './project.ts';
import { expectedInWords, schemaProblems } from './schema-problems.ts';
import { pipelineProblems } from './semantics/steps.ts';

/**
 * The configuration with the `pipeline` of a redcontrol.yml that a repository holds, everything else of that file left
 * aside. A repository cannot give itself more rights than the admin's own pipeline has: no further secrets for its
 * steps, and no container where a virtual machine is asked for. Pure.
 */
export function withRepositoryPipeline(config: ProjectConfig, data: unknown): ConfigVerdict {
  const written = typeof data === 'object' && data !== null && Object.hasOwn(data, 'pipeline') ? (data as { pipeline: unknown }).pipeline : undefined;
  if (written === undefined || written === null) return { config, problems: [] };
  const parsed = pipeline.safeParse(written, { error: expectedInWords });
  if (!parsed.success) {
    const problems = schemaProblems(parsed.error.issues, written, pipeline).map((problem) => ({ ...problem, path: ['pipeline', ...problem.path] }));
    return { config: undefined, problems };
  }
  const changed = { ...config, pipeline: parsed.data };
  const problems = [...pipelineProblems(changed), ...rightsProblems(config, parsed.data)];
  return problems.length > 0 ? { config: undefined, problems } : { config: changed, problems: [] };
}

function rightsProblems(config: ProjectConfig, entries: readonly PipelineEntry[]): ConfigProblem[] {
  const allowed = new Set(config.pipeline.flatMap((entry) => (typeof entry === 'string' ? [] : entry.secrets)));
  const hint = 'The admin\'s redcontrol.yml decides: what its own pipeline names, the repository may use.';
  return entries.flatMap((entry, index) => {
    if (typeof entry === 'string') return [];
    const problems: ConfigProblem[] = entry.secrets.flatMap((secret, at) =>
      allowed.has(secret) ? [] : [{ path: ['pipeline', index, 'secrets', at], about: 'value' as const, expected: allowed.size > 0 ? `one of ${[...allowed].join(', ')}` : 'no secret', got: showValue(secret), hint }]);
    if (entry.isolation === 'container' && config.isolation === 'vm') {
      problems.push({ path: ['pipeline', index, 'isolation'], about: 'value', expected: 'vm', got: showValue('container'), hint });
    }
    return problems;
  });
}
