import { alertLimits, environmentDomains, type ProjectConfig, type WatchedAlertKind } from '@redcontrol/contract';
import { judgeCertificate, judgeDisk, judgeErrors, judgeMemory, type Measured } from './judge-alert.ts';
import type { RecentFigures } from './recent-figures.ts';

/** One thing that is watched, as it stands now. */
export interface WatchedThing {
  project: string;
  /** Empty for what concerns the whole server. */
  environment: string;
  kind: WatchedAlertKind;
  /** Process, disk or domain; empty where it is the environment. */
  name: string;
  measured: Measured;
}

/** All that a project's limits watch, pure. `validUntil`: ms since 1970 of a domain's certificate. */
export function watchedThings({ config, figures, validUntil, now }: { config: ProjectConfig; figures: RecentFigures; validUntil: (domain: string) => number | undefined; now: number }): WatchedThing[] {
  const { project } = config;
  const { disk } = alertLimits(config);
  const disks = disk === undefined ? [] : [...figures.disks].map(([name, shares]): WatchedThing => ({ project, environment: '', kind: 'disk', name, measured: judgeDisk(shares, disk) }));
  return [...disks, ...Object.keys(config.environments).flatMap((environment) => ofEnvironment({ config, environment, figures, validUntil, now }))];
}

function ofEnvironment({ config, environment, figures, validUntil, now }: Parameters<typeof watchedThings>[0] & { environment: string }): WatchedThing[] {
  const { errors, memory, certificateMs } = alertLimits(config, environment);
  const key = `${config.project}/${environment}`;
  const thing = (kind: WatchedAlertKind, name: string, measured: Measured): WatchedThing => ({ project: config.project, environment, kind, name, measured });
  return [
    ...(errors === undefined ? [] : [thing('errors', '', judgeErrors({ requests: 0, errors: 0, ...figures.requests.get(key), samples: figures.samples }, errors))]),
    ...(memory === undefined ? [] : [...(figures.memory.get(key) ?? [])].map(([name, shares]) => thing('memory', name, judgeMemory(shares, memory)))),
    ...environmentDomains(config, environment).flatMap((domain) => {
      const until = validUntil(domain);
      return certificateMs === undefined || until === undefined ? [] : [thing('certificate', domain, judgeCertificate(until - now, certificateMs))];
    }),
  ];
}
