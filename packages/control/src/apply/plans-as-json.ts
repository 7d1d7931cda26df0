import { notYetUsed, type Operation, type ProjectConfig } from '@redcontrol/contract';
import type { ServerPlan } from './plan-server.ts';

/** Plans for programs: the operations in words, without the scripts that carry them out. */
export function plansAsJson(plans: readonly ServerPlan[], config: ProjectConfig) {
  return plans.map(({ install, project, ...rest }) => ({ ...rest, install: install.map(inWords), project, notYetUsed: notYetUsed(config) }));
}

function inWords({ id, kind, target, description, warning }: Operation): Operation {
  return { id, kind, target, description, warning };
}
