import { appConfigs } from '@redcontrol/contract';
import { describeApp, detectFramework } from '@redcontrol/presets';
import type { DaemonContext } from '../context.ts';
import { environmentNeeds, type WarmPool } from '../environment/index.ts';
import { readSecrets } from '../secrets/index.ts';
import { repositoryAt } from '../source/index.ts';
import { getProject, listProjects, listRuns } from '../store/index.ts';
import { chosenSecrets } from './run-context.ts';
import { runIsolation } from './run-isolation.ts';

/** After a start the environments of the projects that ran last are made ready again, so that the next push finds one. */
export async function warmRecentProjects(daemon: DaemonContext, warm: WarmPool): Promise<void> {
  const runs = listProjects(daemon.store)
    .flatMap(({ name }) => listRuns(daemon.store, { project: name, limit: 20 }).filter((run) => run.status === 'succeeded' && run.rollbackTo === null).slice(0, 1))
    .toSorted((a, b) => b.id - a.id)
    .slice(0, daemon.options.warmCount);
  for (const run of runs) {
    const stored = getProject(daemon.store, run.project);
    for (const { config } of stored ? appConfigs(stored.config) : []) {
      const repository = repositoryAt(daemon.git, run.project, run.commit, config.root);
      const framework = config.framework ?? (await detectFramework(repository)).chosen?.framework;
      if (!framework) continue;
      const recipe = await describeApp(repository, framework);
      warm.refill(environmentNeeds({ config, recipe, environments: run.environments, isolation: runIsolation(config, run).run }), run.commit, chosenSecrets(readSecrets(daemon, run.project, run.environments), config.build.secrets));
    }
  }
}
