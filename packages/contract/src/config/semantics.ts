import type { ConfigProblem } from './problem.ts';
import type { ProjectConfig } from './project.ts';
import { buildProblems } from './semantics/build.ts';
import { appProblems } from './semantics/apps.ts';
import { addressProblems } from './semantics/addresses.ts';
import { channelProblems } from './semantics/channels.ts';
import { environmentProblems } from './semantics/environments.ts';
import { jobProblems, type CronProblem } from './semantics/jobs.ts';
import { peopleProblems } from './semantics/people.ts';
import { pipelineProblems } from './semantics/steps.ts';
import { processProblems } from './semantics/processes.ts';
import { serverProblems } from './semantics/servers.ts';
import { volumeProblems } from './semantics/volumes.ts';

export interface SemanticChecks {
  /** Judges cron lines, with a cron parser that this package does not have; left out: they are not looked at. */
  cronProblem?: CronProblem;
}

/** What is wrong in a configuration that the schema accepts: names that nothing has, things that exclude each other. */
export function semanticProblems(config: ProjectConfig, checks: SemanticChecks = {}): ConfigProblem[] {
  return [
    ...serverProblems(config),
    ...environmentProblems(config),
    ...addressProblems(config),
    ...appProblems(config),
    ...pipelineProblems(config),
    ...buildProblems(config),
    ...processProblems(config),
    ...jobProblems(config, checks.cronProblem),
    ...volumeProblems(config),
    ...peopleProblems(config),
    ...channelProblems(config),
  ];
}
