import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../../context.ts';
import { getProject, type StoredProject } from '../../store/index.ts';

/** The project of an environment that its applied configuration has. Throws NOT_FOUND. */
export function projectWith(daemon: DaemonContext, { project, environment }: { project: string; environment: string }): StoredProject {
  const stored = getProject(daemon.store, project);
  if (stored?.config.environments[environment]) return stored;
  throw new RedControlError('NOT_FOUND', `Expected an environment of ${project}, got ${environment}`, { hint: 'See `redcontrol status`.' });
}
