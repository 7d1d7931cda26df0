import type { ProjectState, RunRecord } from '@redcontrol/contract';
import { isOver } from '@redcontrol/client/runs/follow-run';

/** What outside readers want of a branch: what it does now, and its last verdict. */
export interface BranchState {
  project: string;
  ref: string;
  building: boolean;
  /** The newest run that passed or failed; undefined before the first. */
  verdict: RunRecord | undefined;
  page: string;
}

const maxBranches = 50;

/** Branches of a project by its runs, newest first. */
export function branchStates({ name, environments, repository }: ProjectState, runs: readonly RunRecord[]): BranchState[] {
  const refs = [...new Set(runs.filter(({ refKind }) => refKind === 'branch').map(({ ref }) => ref))].slice(0, maxBranches);
  return refs.map((ref) => {
    const own = runs.filter((run) => run.ref === ref);
    const deployed = own.find((run) => run.environments.length > 0)?.environments[0];
    return {
      project: name, ref,
      building: own[0] !== undefined && !isOver(own[0].status),
      verdict: own.find(({ status }) => status === 'succeeded' || status === 'failed'),
      page: environments.find((one) => one.name === deployed)?.url ?? repository,
    };
  });
}
