import { RedControlError } from '@redcontrol/contract';
import type { DaemonContext } from '../../context.ts';
import { getProject, listProjects, type StoredProject } from '../../store/index.ts';

interface ProjectCall {
  daemon: DaemonContext;
  params: { project: string };
}

/** The project that a call names. Throws NOT_FOUND, naming those that there are. */
export function knownProject({ daemon, params }: ProjectCall): StoredProject {
  const project = getProject(daemon.store, params.project);
  if (project) return project;
  throw new RedControlError('NOT_FOUND', `Expected a project of this server, got ${params.project}`, { hint: `It has ${listProjects(daemon.store).map((one) => one.name).join(', ') || 'none'}.` });
}

/** The project of an environment that its configuration in force has. Throws NOT_FOUND, naming those that there are. */
export function projectWith(daemon: DaemonContext, { project, environment }: { project: string; environment: string }): StoredProject {
  const stored = getProject(daemon.store, project);
  if (stored?.config.environments[environment]) return stored;
  throw new RedControlError('NOT_FOUND', `Expected an environment of ${project}, got ${environment}`, { hint: stored ? `It has ${Object.keys(stored.config.environments).join(', ')}.` : 'Apply the project first.' });
}
