import type { ProjectConfig } from './project.ts';

/** Whether any of a project's runs takes place in a virtual machine. Pure. */
export function wantsRunMachines(config: ProjectConfig): boolean {
  const steps = config.pipeline.some((step) => typeof step !== 'string' && step.isolation === 'vm');
  return config.isolation === 'vm' || config.strangers?.isolation === 'vm' || steps;
}

/** Whether a server has to be able to run virtual machines for this configuration. Pure. */
export function wantsMachines(config: ProjectConfig): boolean {
  return wantsRunMachines(config) || Object.values(config.environments).some((environment) => environment.isolation === 'vm');
}
