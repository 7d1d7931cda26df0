import type { DaemonContext } from '../context.ts';
import { environmentPort, type StoredProject } from '../store/index.ts';

type Place = Pick<StoredProject, 'name' | 'config'>;

/** Where people open the environment. */
export function environmentUrl(daemon: Pick<DaemonContext, 'options' | 'store' | 'certificates'>, project: Place, environment: string): string {
  const settings = project.config.environments[environment];
  const domain = [settings?.domain ?? []].flat()[0];
  if (domain === undefined) return `http://${daemon.options.publicHost}:${environmentPort(daemon.store, project.name, environment) ?? 0}`;
  return `${schemeOf(daemon, project, environment, domain)}://${domain}`;
}

export function schemeOf(daemon: Pick<DaemonContext, 'certificates'>, project: Place, environment: string, domain: string): 'http' | 'https' {
  const secure = project.config.environments[environment]?.https === 'auto' && daemon.certificates.certificateState(domain)?.days !== undefined;
  return secure ? 'https' : 'http';
}
