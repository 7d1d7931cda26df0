import { plainPath } from '../../rules/plain-path.ts';
import { appDomains, maxApps, takenAppNames } from '../apps.ts';
import { showValue, type ConfigProblem } from '../problem.ts';
import type { ProjectConfig } from '../project.ts';
import { normalPath } from './addresses.ts';

type App = NonNullable<ProjectConfig['apps']>[string];

/** What is wrong with several apps of one repository: two in one place, names that are taken, keys that only one app has. */
export function appProblems(config: ProjectConfig): ConfigProblem[] {
  const { apps } = config;
  if (!apps) return jobsWithoutApps(config);
  const all = Object.entries(apps);
  return [
    ...countProblems(all.length),
    ...all.flatMap(([name]) => nameProblems(name)),
    ...rootProblems(all),
    ...all.flatMap(([name, app]) => domainProblems(config, name, app)),
    ...addressProblems(config, all),
    ...topProblems(config),
    ...jobProblems(config, Object.keys(apps)),
  ];
}

function countProblems(count: number): ConfigProblem[] {
  const at = { path: ['apps'], about: 'value' as const };
  if (count === 0) return [{ ...at, expected: 'at least one app', got: 'none', hint: 'Leave "apps" out where the repository holds one app.' }];
  return count > maxApps ? [{ ...at, expected: `at most ${maxApps} apps`, got: String(count) }] : [];
}

function nameProblems(name: string): ConfigProblem[] {
  const at = { path: ['apps', name], about: 'key' as const };
  if (takenAppNames.includes(name)) return [{ ...at, expected: 'a name of its own', got: `${showValue(name)}, by which apps reach something else`, hint: 'The other apps of an environment reach an app by its name.' }];
  if (name.includes('--') || name.endsWith('-')) return [{ ...at, expected: 'a name without "--" and without "-" at its end', got: showValue(name) }];
  return [];
}

function rootProblems(all: [string, App][]): ConfigProblem[] {
  const owners = new Map<string, string>();
  return all.flatMap(([name, { root }]) => {
    const folder = plainPath(root);
    const owner = owners.get(folder);
    owners.set(folder, owner ?? name);
    return owner === undefined ? [] : [{ path: ['apps', name, 'root'], about: 'value' as const, expected: 'a folder of its own', got: `${showValue(root)}, which app ${owner} has`, hint: 'Several processes of one app are written under "processes".' }];
  });
}

/** A label stands before each environment's domain; a whole domain can be that of one environment only. */
function domainProblems({ environments }: ProjectConfig, name: string, { domain }: App): ConfigProblem[] {
  const names = Object.keys(environments);
  return [domain ?? []].flat().flatMap((one, index) => {
    const at = { path: ['apps', name, 'domain', ...(Array.isArray(domain) ? [index] : [])], about: 'value' as const };
    if (/^\d+(\.\d+){3}$/.test(one)) return [{ ...at, expected: 'a domain name', got: `the address ${one}` }];
    if (one.includes('.')) {
      return names.length > 1 ? [{ ...at, expected: 'one word that stands before the environment\'s domain', got: `${showValue(one)}, which ${names.length} environments would have`, hint: `Write "domain: ${one.split('.')[0]}": it becomes ${one.split('.')[0]}.DOMAIN in each environment.` }] : [];
    }
    const bare = names.filter((environment) => environments[environment]?.domain === undefined);
    return bare.length > 0 ? [{ ...at, expected: 'a whole domain', got: `${showValue(one)}, and environment ${bare[0]} has no domain that it could stand before` }] : [];
  });
}

function addressProblems(config: ProjectConfig, all: [string, App][]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const owners = new Map<string, string>();
  for (const [name, app] of all) {
    if (app.processes && !('web' in app.processes)) continue;
    for (const domain of [app.domain ?? ''].flat()) {
      const path = normalPath(app.path);
      const address = domain === '' ? `the path ${path} of the environment's domain` : `${domain}${path}`;
      const owner = owners.get(address);
      if (owner) problems.push({ path: ['apps', name], about: 'key', expected: 'a domain and path of its own', got: `${address}, which ${owner === name ? 'stands here already' : `app ${owner} has`}`, hint: 'Give one of them "path: /…" or "domain: …".' });
      else owners.set(address, name);
    }
  }
  return [...problems, ...takenDomains(config, all)];
}

/** An app's domain that is that of an environment as well. */
function takenDomains({ environments }: ProjectConfig, all: [string, App][]): ConfigProblem[] {
  return all.flatMap(([name, app]) => Object.entries(environments).flatMap(([environment, { domain, traffic }]) => {
    const own = [domain ?? []].flat().map((one) => `${one}${normalPath(traffic?.path)}`);
    const taken = appDomains(app.domain, domain).find((one) => own.includes(`${one}${normalPath(app.path)}`));
    return taken === undefined ? [] : [{ path: ['apps', name, 'domain'], about: 'value' as const, expected: 'a domain and path of its own', got: `${showValue(taken)}, which environment ${environment} has`, hint: 'Leave "domain" out: the app then answers at the environment\'s.' }];
  }));
}

/** What stands at the top for an only app, and would be nobody's beside several. */
function topProblems({ root, framework, processes }: ProjectConfig): ConfigProblem[] {
  const keys = [...(root === undefined ? [] : ['root']), ...(framework === undefined ? [] : ['framework']), ...(Object.keys(processes).length > 0 ? ['processes'] : [])];
  return keys.map((key) => ({ path: [key], about: 'key', expected: `"${key}" in each of the apps`, got: `"${key}" beside "apps"`, hint: `Move it into "apps": what stands there is of one app.` }));
}

function jobProblems({ jobs }: ProjectConfig, apps: string[]): ConfigProblem[] {
  return Object.entries(jobs).flatMap(([name, { app }]): ConfigProblem[] => {
    if (app === undefined) return [{ path: ['jobs', name], about: 'key', expected: `"app:" with one of ${apps.join(', ')}`, got: 'none', hint: 'With several apps every job says in whose image it runs.' }];
    return apps.includes(app) ? [] : [{ path: ['jobs', name, 'app'], about: 'value', expected: `one of the apps ${apps.join(', ')}`, got: showValue(app), misspelled: { word: app, candidates: apps } }];
  });
}

function jobsWithoutApps({ jobs }: ProjectConfig): ConfigProblem[] {
  return Object.entries(jobs).flatMap(([name, { app }]) => (app === undefined ? [] : [{ path: ['jobs', name, 'app'], about: 'key' as const, expected: 'no "app", as there is only one', got: showValue(app), hint: 'Several apps of a repository are written under "apps".' }]));
}
