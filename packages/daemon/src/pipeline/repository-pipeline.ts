import { configInvalid, RedControlError, withRepositoryPipeline, type ProjectConfig } from '@redcontrol/contract';
import type { RepositoryView } from '@redcontrol/presets';
import { parseYaml } from '../parse-yaml.ts';

const fileName = 'redcontrol.yml';

/**
 * The configuration of a run of this commit: where the admin allows it, with the pipeline of the repository's own
 * redcontrol.yml. Throws CONFIG_INVALID when that file is not to be understood or asks for more than it may.
 */
export async function configOfCommit(config: ProjectConfig, repository: RepositoryView): Promise<ProjectConfig> {
  if (!config.repositoryPipeline) return config;
  const text = await repository.readText(fileName);
  if (text === undefined) return config;
  const verdict = withRepositoryPipeline(config, parseYaml(text, { what: `YAML in the repository's ${fileName}` }));
  if (verdict.config) return verdict.config;
  const invalid = configInvalid(verdict.problems);
  throw new RedControlError('CONFIG_INVALID', `In the repository's ${fileName}: ${invalid.message}`, { hint: invalid.hint ?? verdict.problems[0]?.hint, problems: invalid.problems });
}
